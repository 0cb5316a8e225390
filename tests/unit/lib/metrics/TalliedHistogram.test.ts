import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { openMetricsText, prometheusText } from '@/lib/metrics/exposition'
import { TalliedHistogram } from '@/lib/metrics/TalliedHistogram'

const common = {
  name: 'size_bytes',
  help: 'Size.',
  labelNames: ['namespace', 'direction'] as const,
  buckets: [1, 2.5, 5],
}
const values = [0, 1, 1.01, 2.5, 2.500001, 5, 5.1, 1_000, 0.3]

/** The lines of an exposition, each with its labels in one order: that order means nothing. */
const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort().join()}}`))

/** The same observations in both; what the one says and what the other. */
function both() {
  const registries = { ours: new Registry(), theirs: new Registry() }
  for (const registry of Object.values(registries)) registry.setDefaultLabels({ environment: 'test' })
  const ours = new TalliedHistogram({ ...common, registers: [registries.ours] })
  const theirs = new Histogram({ ...common, buckets: [...common.buckets], registers: [registries.theirs] })
  // Asked for, and never told anything.
  ours.tally('/admin', 'inbound')
  theirs.labels('/admin', 'inbound')
  for (const direction of ['inbound', 'outbound']) {
    for (const value of values) {
      ours.tally('/chat', direction).observe(value)
      theirs.labels('/chat', direction).observe(value)
    }
  }
  return registries
}

test.each([
  { format: 'Prometheus text', print: prometheusText },
  { format: 'OpenMetrics', print: openMetricsText },
])('says in $format what a histogram of prom-client says', async ({ print }) => {
  const { ours, theirs } = both()
  const text = lines(await print(ours))
  expect(text).toContain('size_bytes_bucket{direction="inbound",environment="test",le="2.5",namespace="/chat"} 5')
  expect(text).toContain('size_bytes_count{direction="outbound",environment="test",namespace="/chat"} 9')
  expect(text.sort()).toEqual(lines(await print(theirs)).sort())
})

test('without labels it is there before the first value', async () => {
  const registers = [new Registry()]
  const seconds = new TalliedHistogram({ name: 'seconds', help: 'Time.', labelNames: [], buckets: [1], registers })
  const text = async () => (await registers[0]?.metrics())?.split('\n')
  expect(await text()).toContain('seconds_count 0')
  seconds.tally().observe(3)
  expect(await text()).toEqual(
    expect.arrayContaining([
      'seconds_bucket{le="1"} 0',
      'seconds_bucket{le="+Inf"} 1',
      'seconds_sum 3',
      'seconds_count 1',
    ]),
  )
})
