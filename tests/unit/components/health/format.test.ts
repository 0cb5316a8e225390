import { expect, test } from 'vitest'
import { average, bytes, count, duration, inWords, milliseconds, perSecond, plural } from '@/components/health/format'

const shown = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  [0, '0 ms'],
  [0.01, '<0.1 ms'],
  [0.42, '0.4 ms'],
  [9.96, '10 ms'],
  [37.4, '37 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1_240, '1.2 s'],
  [62_000, '62 s'],
])('%d milliseconds are shown as %s', (ms, text) => {
  expect(shown(inWords(milliseconds(ms)))).toBe(text)
})

test.each([
  [0, '0 KiB'],
  [2_048, '2 KiB'],
  [5.26 * 1_024 ** 2, '5.3 MiB'],
  [184.4 * 1_024 ** 2, '184 MiB'],
  [1.44 * 1_024 ** 3, '1.4 GiB'],
])('%d bytes are shown as %s', (amount, text) => {
  expect(shown(inWords(bytes(amount)))).toBe(text)
})

test.each([
  [0, '0 s'],
  [41.9, '41 s'],
  [60, '1 min'],
  [3_600 * 2 + 60 * 5 + 3, '2 h 5 min'],
  [86_400 + 30, '1 d'],
  [86_400 * 3 + 3_600 * 4, '3 d 4 h'],
  [-5, '0 s'],
])('%d seconds are shown as %s', (seconds, text) => {
  expect(shown(duration(seconds))).toBe(text)
})

test('rates stand next to their unit, large ones without decimals', () => {
  expect([inWords(perSecond(0.26)), inWords(perSecond(143.7)), inWords(perSecond(12_345.6))]).toEqual([
    '0.3/s',
    '144/s',
    '12,346/s',
  ])
})

test('counts are grouped, averages have a decimal, and one of something is singular', () => {
  expect([count(10_000), average(2.44), shown(plural(1, 'instance')), shown(plural(2, 'instance'))]).toEqual([
    '10,000',
    '2.4',
    '1 instance',
    '2 instances',
  ])
})
