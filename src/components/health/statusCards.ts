import type { Instance, Metrics } from '@/contracts/admin'
import { count, inWords, milliseconds, perMinute, perSecond, plural } from './format'
import { redisHealth } from './redisHealth'
import type { Level } from './thresholds'
import { levelOf, thresholds } from './thresholds'

interface Card {
  label: string
  value: string
  unit?: string
  note: string
  level?: Level
}

const redisCard = (totals: Metrics): Card => {
  const { state, word, level, latency } = redisHealth(totals)
  const label = 'Redis'
  if (state === 'unused') return { label, value: word, note: 'PostgreSQL instead' }
  if (state === 'away') return { label, value: word, note: 'PostgreSQL instead', level }
  if (latency === null) return { label, value: word, note: 'Not measured yet', level }
  return { label, ...milliseconds(latency), note: 'Connected, round trip', level }
}

const instancesCard = (instances: readonly Instance[]): Card => {
  const silent = instances.filter(({ status }) => status === 'silent').length
  const answering = instances.length - silent
  return {
    label: 'Instances',
    value: silent === 0 ? count(answering) : `${count(answering)} of ${count(instances.length)}`,
    note: silent === 0 ? (answering === 1 ? 'It answers' : 'All answer') : `${plural(silent, 'instance')} silent`,
    level: silent === 0 ? 'well' : silent * 2 > instances.length ? 'broken' : 'watch',
  }
}

/** What the cards on top show: the few figures that say whether it is well. */
export const statusCards = (totals: Metrics, instances: readonly Instance[]): Card[] => {
  const { connections, presence, events } = totals
  return [
    { label: 'People online', value: count(presence.online), note: `${count(presence.away)} of them away` },
    {
      label: 'Connections',
      value: count(connections.total),
      note: `${inWords(perMinute(connections.rate['1m']))} new`,
    },
    { label: 'Throughput', ...perSecond(events.throughput['1m']), note: 'Events, both ways' },
    {
      label: 'Command time',
      ...milliseconds(events.latency.avg),
      note: 'Average of the last minute',
      level: levelOf(events.latency.avg, thresholds.commandMs),
    },
    instancesCard(instances),
    redisCard(totals),
  ]
}
