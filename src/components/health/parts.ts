import type { HealthView } from '@/client/health/view'
import type { WebHealth } from '@/hooks/useWebHealth'
import { inWords, milliseconds, plural } from './format'
import { redisHealth } from './redisHealth'
import type { Level } from './thresholds'
import { judge } from './verdict'

export interface Part {
  name: string
  /** Undefined while nothing is known. */
  level: Level | undefined
  text: string
}

const web = (health: WebHealth): Part => {
  const name = 'Web and database'
  if (health === undefined) return { name, level: undefined, text: 'Asking' }
  return health.answers
    ? { name, level: 'well', text: `Both answered in ${inWords(milliseconds(health.tookMs))}` }
    : { name, level: 'broken', text: 'No answer: people cannot sign in, and nothing is stored' }
}

const sockets = ({ state, snapshot }: HealthView): Part => {
  const name = 'Socket servers'
  if (state === 'connecting') return { name, level: undefined, text: 'Connecting' }
  if (state === 'refused') return { name, level: 'broken', text: 'They do not show their figures to this page' }
  if (state === 'polling') {
    return { name, level: 'watch', text: 'This page reaches them over HTTP only: it has no live connection' }
  }
  if (state !== 'live' || snapshot === undefined) {
    return { name, level: 'broken', text: 'No live connection: messages travel over HTTP, with a delay' }
  }
  const answering = snapshot.instances.filter(({ status }) => status !== 'silent').length
  const { level, findings } = judge(snapshot)
  const headline = findings[0]?.headline
  return {
    name,
    level,
    text: headline ?? `${plural(answering, 'instance')}, ${plural(snapshot.totals.connections.total, 'connection')}`,
  }
}

const redis = ({ state, snapshot }: HealthView): Part => {
  const name = 'Redis'
  if ((state !== 'live' && state !== 'polling') || snapshot === undefined) {
    return { name, level: undefined, text: 'Not known' }
  }
  const { state: redisState, word, level, latency } = redisHealth(snapshot.totals)
  if (redisState === 'unused') return { name, level, text: `${word}: PostgreSQL announces changes` }
  if (redisState === 'away') return { name, level, text: `${word}: PostgreSQL announces changes meanwhile` }
  return { name, level, text: latency === null ? word : `${word}, round trip ${inWords(milliseconds(latency))}` }
}

/** The parts of the system and how each is. */
export const systemParts = (view: HealthView, webHealth: WebHealth): Part[] => [
  web(webHealth),
  sockets(view),
  redis(view),
]

/** The worst of them in a word; undefined while any is not known and none is bad. */
export const worstLevel = (parts: readonly Part[]): Level | undefined => {
  const levels = parts.map(({ level }) => level)
  if (levels.includes('broken')) return 'broken'
  if (levels.includes('watch')) return 'watch'
  return levels.includes(undefined) ? undefined : 'well'
}
