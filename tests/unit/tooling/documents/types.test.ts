import { expect, test } from 'vitest'
import { typeErrors } from '../../../support/documents/checkTypes'
import { codeBlocks } from '../../../support/documents/documents'

const block = (text: string, line: number) => ({
  document: 'a.md',
  place: `a.md:${line}`,
  language: 'ts',
  heading: 'Shape',
  text,
})

test('every block of TypeScript is a module of this repository that compiles', () => {
  const wrong = [
    block("import { nothing } from '@/contracts/chat'\nexport const a = nothing", 1),
    block("export const b: number = 'text'", 2),
    block('{ a: Nobody }', 3),
    block('const { rooms } = useChat()', 4),
  ]
  const errors = typeErrors([...codeBlocks('ts', 'tsx'), ...wrong])
  expect(errors.filter((error) => !error.startsWith('a.md'))).toEqual([])
  // What is wrong is found out: in the same program, which takes seconds to make.
  expect(errors).toHaveLength(4)
}, 120_000)
