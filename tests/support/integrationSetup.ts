import { afterAll, afterEach, expect } from 'vitest'
import { forgetSecrets } from './servers/secrets'
import { tearDownFile } from './teardown'
import { takeFaults } from './traffic/faults'
import { holdToDocuments } from './traffic/hold'

const ordinaryFetch = globalThis.fetch
globalThis.fetch = holdToDocuments(ordinaryFetch)

// Run anew for each file, unlike what it imports: files share a process, and leave nothing behind in it.
const noFaults = (): void => {
  const faults = takeFaults()
  expect(faults, `What went over the wire is not what the contract and docs/api say.\n${faults.join('\n')}`).toEqual([])
}
afterEach(noFaults)
// Hooks that are registered first run last, after those of the test file itself.
afterAll(async () => {
  await tearDownFile()
  noFaults() // what came after the last test
  forgetSecrets()
  globalThis.fetch = ordinaryFetch
})
