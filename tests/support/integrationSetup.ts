import { afterAll, afterEach, expect } from 'vitest'
import { takeFaults } from './servers/eventContract'
import { forgetSecrets } from './servers/secrets'
import { tearDownFile } from './teardown'

// Run anew for each file, unlike what it imports: files share a process, and leave nothing behind in it.
const noFaults = (): void => {
  expect(takeFaults(), 'What was emitted is not what the contract says.').toEqual([])
}
afterEach(noFaults)
// Hooks that are registered first run last, after those of the test file itself.
afterAll(async () => {
  await tearDownFile()
  noFaults() // what came after the last test
  forgetSecrets()
})
