import { expect, test } from 'vitest'
import { typeErrors } from '../../../support/documents/checkTypes'
import { codeBlocks } from '../../../support/documents/documents'

test('every block of TypeScript is a module of this repository that compiles', async () => {
  expect(await typeErrors(codeBlocks('ts', 'tsx'), 'all')).toBe('')
}, 120_000) // a second or two of a quiet machine
