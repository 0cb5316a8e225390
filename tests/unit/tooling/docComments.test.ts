import { expect, it } from 'vitest'
import { exportsOf, inputsOf } from '../../../scripts/testing/docComments'

const undocumented = (text: string) =>
  exportsOf('x.ts', text)
    .filter(({ isDocumented }) => !isDocumented)
    .map(({ name, line }) => `${name}:${line}`)

it('finds whatever is exported and says nothing of itself', () => {
  const text = [
    'export const a = 1',
    '// no comment of it',
    'export function b() {}',
    '/** */',
    'export class C {}',
    'export interface D {}',
    'export type E = string',
    'export default function f() {}',
    'const g = 1',
    "export { h } from './h'",
  ].join('\n')
  expect(undocumented(text)).toEqual(['a:1', 'b:3', 'C:5', 'D:6', 'E:7', 'f:8'])
})

it.each([
  ['its own', '/** What it is. */\nexport const a = 1'],
  [
    'of the schema whose type it is',
    '/** A room. */\nexport const Room = z.object({})\nexport type Room = { id: string }',
  ],
  ['of its first overload', '/** Adds. */\nexport function a(b: string): void\nexport function a(b: number): void'],
  [
    'of what it is the type of',
    '/** All. */\nexport const a = [1]\nexport type A = (typeof a)[number]\nexport type B = z.infer<typeof a>',
  ],
  ['of whom it is given to', '/** Sends. */\nexport class Sender {}\nexport interface SenderDeps {}'],
])('a comment may be %s', (_, text) => {
  expect(undocumented(text)).toEqual([])
})

it('the input of a command is described by the command', () => {
  expect(inputsOf('a: command({\n  input: AddInput,\n  data: Sum,\n})')).toEqual(['AddInput'])
})
