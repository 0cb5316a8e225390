import { expect, test } from 'vitest'
import { parseOptions, usage } from '../../../load/options'

const all = ['pairs', 'room', 'idle'].map((name) => ({ name, what: `what ${name} measures`, run: async () => [] }))

test('without arguments everything runs, several rounds', () => {
  expect(parseOptions([], all)).toMatchObject({ scenarios: all, rounds: 3, isQuick: false })
})

test('scenarios run in the order of the list, whatever was typed first', () => {
  expect(parseOptions(['idle', 'pairs'], all)).toMatchObject({ scenarios: [all[0], all[2]] })
})

test('quick is one round, unless something else is asked for', () => {
  expect(parseOptions(['--quick'], all)).toMatchObject({ isQuick: true, rounds: 1 })
  expect(parseOptions(['--quick', '--rounds', '2', '--seconds', '0.5'], all)).toMatchObject({ rounds: 2, seconds: 0.5 })
})

test.each([
  [['pears'], 'There is no scenario pears'],
  [['--rounds', 'many'], '--rounds takes a number'],
  [['--seconds', '0'], '--seconds takes a number'],
  [['--fast'], '--fast'],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => parseOptions(args, all)).toThrow(sentence)
})

test('the help lists every scenario with what it measures', () => {
  expect(parseOptions(['--help'], all)).toBe('help')
  for (const { name, what } of all) expect(usage(all)).toMatch(new RegExp(`${name} +${what}`))
})
