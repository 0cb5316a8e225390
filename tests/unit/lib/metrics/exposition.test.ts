import { expect, test } from 'vitest'
import { mergeExpositions } from '@/lib/metrics/exposition'

const family = (name: string, ...samples: string[]): string =>
  [`# HELP ${name} What it is.`, `# TYPE ${name} gauge`, ...samples, ''].join('\n')

test("the sources' series of one metric stand together under one HELP and TYPE, and each source's others follow", () => {
  const text = mergeExpositions([
    { text: family('up', 'up 1') },
    { text: family('up', 'up 2') + family('down', 'down{a="b"} 3'), labels: { target: 'http://one' } },
    { text: family('up', 'up{a="b"} 4'), labels: { target: 'http://two' } },
  ])
  expect(text).toBe(
    [
      ...['# HELP up What it is.', '# TYPE up gauge', 'up 1', 'up{target="http://one"} 2'],
      ...['up{target="http://two",a="b"} 4', ''],
      ...['# HELP down What it is.', '# TYPE down gauge', 'down{target="http://one",a="b"} 3', ''],
    ].join('\n'),
  )
})

test('a label is written so that it can be read: quotes and backslashes escaped', () => {
  const text = mergeExpositions([{ text: family('up', 'up 1'), labels: { target: 'a"b\\c' } }])
  expect(text).toContain('up{target="a\\"b\\\\c"} 1')
})

test("braces and spaces in a sample's own values stay as they are", () => {
  const text = mergeExpositions([{ text: family('up', 'up{a="x{y} z"} 1 1700'), labels: { target: 't' } }])
  expect(text).toContain('up{target="t",a="x{y} z"} 1 1700')
})

test('the series of a histogram belong to its family', () => {
  const one = '# HELP h Times.\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 2\nh_count 1\n'
  const text = mergeExpositions([{ text: one }, { text: one, labels: { target: 't' } }])
  expect(text.match(/^# TYPE/gm)).toHaveLength(1)
  expect(text).toContain('h_count 1\nh_bucket{target="t",le="+Inf"} 1\nh_sum{target="t"} 2\nh_count{target="t"} 1\n')
})
