import { Writable } from 'node:stream'
import { remark } from 'remark'
import remarkValidateLinks from 'remark-validate-links'
import { engine } from 'unified-engine'
import { expect, test } from 'vitest'
import { documents } from '../../../support/documents/documents'

/** What is wrong with the links and anchors of the pages below here; asks nobody outside of this machine. */
async function brokenLinks(): Promise<string> {
  let report = ''
  const streamError = new Writable({
    write(chunk, _encoding, done) {
      report += String(chunk)
      done()
    },
  })
  await new Promise<void>((resolve, reject) => {
    const settings = {
      processor: remark(),
      files: documents(),
      plugins: [[remarkValidateLinks, { repository: false }]],
      output: false,
      quiet: true,
      color: false,
      frail: true,
      streamError,
    }
    // Its declaration wants the types of unified's next version; what it does with a processor is the same.
    engine(settings as unknown as Parameters<typeof engine>[0], (error) => (error ? reject(error) : resolve()))
  })
  return report
}

test('every link between pages and files leads somewhere, with its anchor', async () => {
  expect(await brokenLinks()).toBe('')
})
