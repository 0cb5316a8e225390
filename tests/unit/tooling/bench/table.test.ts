import { expect, test } from 'vitest'
import { isMet, type Row, ratios } from '../../../load/rows'
import { quantile } from '../../../load/statistics'
import { cell, table } from '../../../load/table'

const row: Row = {
  scenario: 'pairs',
  what: 'messages/s',
  figures: { bare: [20_000, 10_000, 20_000], before: [1_000, 1_000, 1_000], tandem: [8_000, 6_000, 12_000] },
}

test('a quantile lies between the two values around it', () => {
  expect(quantile([40, 10, 30, 20], 0.5)).toBe(25)
  expect(quantile([40, 10, 30, 20], 1)).toBe(40)
  expect(quantile([], 0.5)).toBeNaN()
})

test('a cell has the median and its spread, in three digits', () => {
  expect(cell([12_345.6, 9_000, 20_000])).toBe('12,346 (9,000–20,000)')
  expect(cell([0.1234])).toBe('0.12')
  expect(cell([12.34, 12.36], true)).toBe('12.4* (12.3–12.4)')
  expect(cell(undefined)).toBe('')
})

test('ratios are those of the same round', () => {
  expect(ratios(row, 'bare')).toEqual([0.4, 0.6, 0.6])
  expect(ratios({ ...row, figures: { tandem: [1] } }, 'bare')).toEqual([])
})

test.each([
  [{ of: 'bare', atLeast: 0.6 }, true],
  [{ of: 'bare', atLeast: 0.61 }, false],
  [{ of: 'bare', atMost: 0.6 }, true],
  [{ by: 'itself', atMost: 7_999 }, false],
  [{ by: 'itself', atLeast: 8_000 }, true],
  [{ beyond: 'before', atMost: 7_000 }, true],
  [{ beyond: 'before', atMost: 6_999 }, false],
] as const)('the goal %j is met: %s', (goal, met) => {
  expect(isMet({ ...row, goal })).toBe(met)
})

test('without a figure to hold it against, a goal is neither met nor missed', () => {
  expect(isMet({ ...row, figures: { tandem: [8_000] }, goal: { of: 'bare', atLeast: 0.5 } })).toBeUndefined()
  expect(isMet(row)).toBeUndefined()
})

test('the table is Markdown; it names a scenario once and says whose figure the generators limited', () => {
  const text = table([{ ...row, goal: { of: 'bare', atLeast: 0.7 }, limited: ['bare'] }, row])
  const cells = text.split('\n').map((line) => line.split('|').map((part) => part.trim()))
  expect(cells[0]?.slice(1, 7)).toEqual(['scenario', 'figure', 'bare', 'before', 'tandem', '÷ bare'])
  expect(cells[2]?.slice(1, -1)).toEqual([
    ...['pairs', 'messages/s', '20,000* (10,000–20,000)', '1,000 (1,000–1,000)', '8,000 (6,000–12,000)'],
    ...['0.60', '8.00', '≥ 0.7 × bare', 'MISSED'],
  ])
  expect(cells[3]?.[1]).toBe('')
})
