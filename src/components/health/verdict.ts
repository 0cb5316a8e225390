import type { Instance, Metrics, MetricsSnapshot } from '@/contracts/admin'
import { inWords, milliseconds, plural } from './format'
import { redisHealth } from './redisHealth'
import { type Level, thresholds } from './thresholds'

export interface Finding {
  level: 'watch' | 'broken'
  /** Without figures, so that it stays the same while they move. */
  headline: string
  /** With the figures and what they mean. */
  detail: string
}

export interface Verdict {
  level: Level
  title: string
  /** One sentence that says why. */
  reason: string
  /** Worst first; empty when all is well. */
  findings: Finding[]
}

const titles: Record<Level, string> = {
  well: 'All is well',
  watch: 'It works, but look at this',
  broken: 'People notice a problem',
}

const ms = (amount: number) => inWords(milliseconds(amount))

/** `bad` or more is broken, `warn` or more is worth a look, less is no finding. */
const byThreshold = (
  amount: number,
  { warn, bad = Number.POSITIVE_INFINITY }: { warn: number; bad?: number },
): Finding['level'] | undefined => (amount >= bad ? 'broken' : amount >= warn ? 'watch' : undefined)

const isRunning = ({ status }: Instance) => status === 'ok' || status === 'degraded'

const silence = (instances: readonly Instance[]): Finding[] => {
  const silent = instances.filter(({ status }) => status === 'silent')
  if (silent.length === 0) return []
  const level = silent.length * 2 > instances.length ? 'broken' : 'watch'
  const names = silent.map(({ id }) => id).join(', ')
  return [
    {
      level,
      headline: silent.length === 1 ? 'An instance is silent' : 'Several instances are silent',
      detail: `${names} did not answer. People there are reconnecting to the others if it is down.`,
    },
  ]
}

const redis = (instances: readonly Instance[], totals: Metrics): Finding[] => {
  const { state, level, latency } = redisHealth(totals)
  if (state === 'unused') return []
  const without = instances.filter((one) => isRunning(one) && redisHealth(one.metrics).state === 'away')
  if (without.length > 0 || state === 'away') {
    const who = without.length === 0 ? 'This cluster' : without.map(({ id }) => id).join(', ')
    return [
      {
        level: 'watch',
        headline: 'Redis cannot be reached',
        detail: `${who} cannot reach Redis. Nothing is lost: PostgreSQL carries the announcements meanwhile. Other instances cannot be asked, so that these figures may leave some out.`,
      },
    ]
  }
  if (latency === null || level === 'well') return []
  return [{ level, headline: 'Redis is slow', detail: `Redis takes ${ms(latency)} to answer.` }]
}

const eventLoop = (instances: readonly Instance[]): Finding[] =>
  instances
    .filter(isRunning)
    .toSorted((a, b) => b.metrics.server.event_loop_delay - a.metrics.server.event_loop_delay)
    .slice(0, 1)
    .flatMap(({ id, metrics }) => {
      const delay = metrics.server.event_loop_delay
      const level = byThreshold(delay, thresholds.eventLoopMs)
      return level === undefined
        ? []
        : [{ level, headline: 'A process is overloaded', detail: `The event loop of ${id} is ${ms(delay)} behind.` }]
    })

const latency = ({ events }: Metrics): Finding[] => {
  const level = byThreshold(events.latency.avg, thresholds.commandMs)
  return level === undefined
    ? []
    : [{ level, headline: 'Commands are slow', detail: `They take ${ms(events.latency.avg)} on average.` }]
}

const people = ({ presence, connections, disconnections }: Metrics): Finding[] => {
  const findings: Finding[] = []
  const stale = presence.stale_clients
  if (stale >= thresholds.stale.least && stale >= connections.total * thresholds.stale.warnShare) {
    findings.push({
      level: 'watch',
      headline: 'Many connections are stale',
      detail: `${plural(stale, 'connection')} sent no heartbeat for a minute. A network or proxy may be dropping them silently.`,
    })
  }
  const ended = disconnections.rate['1m']
  if (ended >= thresholds.dropping.least && ended >= connections.total * thresholds.dropping.warnShare) {
    findings.push({
      level: 'watch',
      headline: 'Many connections are ending',
      detail: `${plural(Math.round(ended), 'connection')} ended in the last minute. After a deployment or restart that is normal.`,
    })
  }
  return findings
}

const degraded = (instances: readonly Instance[], explained: boolean): Finding[] => {
  const names = instances.filter(({ status }) => status === 'degraded').map(({ id }) => id)
  if (explained || names.length === 0) return []
  return [
    {
      level: 'watch',
      headline: 'An instance is degraded',
      detail: `${names.join(', ')} says it is not at its best. Its log says why.`,
    },
  ]
}

const wellBecause = (instances: readonly Instance[], { events }: Metrics): string => {
  const running = instances.filter(isRunning).length
  const draining = instances.filter(({ status }) => status === 'draining').length
  const slowestMs = Math.max(0, ...instances.filter(isRunning).map(({ metrics }) => metrics.server.event_loop_delay))
  const leaving =
    draining === 0 ? '' : ` ${plural(draining, 'instance')} ${draining === 1 ? 'is' : 'are'} shutting down.`
  return (
    `${plural(running, 'instance')} ${running === 1 ? 'answers' : 'answer'}, commands take ${ms(events.latency.avg)} ` +
    `on average, and no event loop is more than ${ms(slowestMs)} behind.${leaving}`
  )
}

/** Whether the socket servers are well, and why: what somebody who was woken up needs to know first. */
export const judge = ({ totals, instances }: Pick<MetricsSnapshot, 'totals' | 'instances'>): Verdict => {
  const onRedis = redis(instances, totals)
  const findings = [
    ...silence(instances),
    ...eventLoop(instances),
    ...latency(totals),
    ...onRedis,
    ...people(totals),
    ...degraded(instances, onRedis.length > 0),
  ].toSorted((a, b) => Number(b.level === 'broken') - Number(a.level === 'broken'))
  const worst = findings[0]
  if (worst === undefined) {
    return { level: 'well', title: titles.well, reason: wellBecause(instances, totals), findings }
  }
  return { level: worst.level, title: titles[worst.level], reason: `${worst.headline}. ${worst.detail}`, findings }
}

/** What is read aloud: the same for as long as the verdict is the same, whatever the figures do. */
export const spoken = ({ title, findings }: Verdict): string =>
  findings.length === 0 ? `${title}.` : `${title}: ${findings.map(({ headline }) => headline).join('; ')}.`
