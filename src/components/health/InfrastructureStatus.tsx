import type { Instance, Metrics } from '@/contracts/admin'
import { type Fact, Facts } from './Facts'
import { bytes, duration, milliseconds } from './format'
import { LevelIcon } from './levels'
import { Panel } from './Panel'
import { redisHealth } from './redisHealth'
import { levelOf, thresholds } from './thresholds'

const redisFacts = (totals: Metrics): Fact[] => {
  const { state, word, level, latency } = redisHealth(totals)
  if (state === 'unused') return [{ label: 'Redis', measure: word }]
  return [
    { label: 'Redis', measure: word, mark: <LevelIcon level={level} sx={{ fontSize: 16 }} /> },
    { label: 'Redis round trip', measure: latency === null ? 'Not measured' : milliseconds(latency) },
  ]
}

const jobFacts = (jobs: Metrics['jobs']): Fact[] => {
  if (!jobs) return [{ label: 'Background jobs', measure: 'Not known' }]
  const { waiting, running, failed } = jobs
  return [
    { label: 'Background jobs', hint: 'running, waiting', measure: `${running}, ${waiting}` },
    ...(failed === 0
      ? []
      : [
          {
            label: 'Failed jobs',
            measure: `${failed}`,
            mark: <LevelIcon level="watch" sx={{ fontSize: 16 }} />,
          },
        ]),
  ]
}

interface Props {
  totals: Metrics
  instances: readonly Instance[]
}

/** What the processes stand on. With several instances: memory summed, uptime of the youngest, the slowest event loop. */
export function InfrastructureStatus({ totals, instances }: Props) {
  const known = instances.length > 0 ? instances.map(({ metrics }) => metrics.server) : [totals.server]
  const uptime = Math.min(...known.map((server) => server.uptime))
  const delayMs = Math.max(...known.map((server) => server.event_loop_delay))
  const sum = (field: keyof Metrics['server']['memory']) => known.reduce((all, { memory }) => all + memory[field], 0)
  const several = known.length > 1
  const heap = sum('heap')
  const heapTotal = sum('heap_total')
  return (
    <Panel title="Infrastructure" aside={several ? `${known.length} processes` : 'One process'}>
      <Facts
        facts={[
          ...redisFacts(totals),
          ...jobFacts(totals.jobs),
          { label: several ? 'Youngest up for' : 'Up for', measure: duration(uptime) },
          { label: 'Memory', hint: 'resident (rss)', measure: bytes(sum('rss')) },
          { label: 'Heap used', measure: bytes(heap), share: heapTotal === 0 ? 0 : heap / heapTotal },
          { label: 'Heap reserved', measure: bytes(heapTotal) },
          {
            label: 'Event loop behind',
            hint: several ? 'slowest, p99' : 'p99',
            measure: milliseconds(delayMs),
            mark: <LevelIcon level={levelOf(delayMs, thresholds.eventLoopMs)} sx={{ fontSize: 16 }} />,
          },
        ]}
      />
    </Panel>
  )
}
