import { onTestFinished, TestRunner } from 'vitest'

type Teardown = () => Promise<void> | void

const afterFile: Teardown[] = []

/** Undoes what a helper did: after the test that called the helper, or after the file if it was called outside a test. */
export function onTeardown(undo: Teardown): void {
  if (TestRunner.getCurrentTest()) onTestFinished(undo)
  else afterFile.push(undo)
}

/** What is left to undo after the file, the last first. */
export async function tearDownFile(): Promise<void> {
  for (const undo of afterFile.splice(0).reverse()) await undo()
}
