import { setTimeout as delay } from 'node:timers/promises'
import { cpuSeconds } from './cpuTime'
import type { Load } from './generator/protocol'
import type { Peer, PeerName } from './peers/Peer'
import { makePeople, type Talker } from './peers/people'
import type { Testbed } from './peers/Testbed'
import type { Row } from './rows'
import { quantile } from './statistics'

/** What a scenario measures with, and how much. */
export interface Bench {
  testbed: Testbed
  rounds: number
  /** Of one load. */
  seconds: number
  /** The second where the bench only has to be seen to work. */
  size(full: number, quick: number): number
}

/** What one load of one peer showed. */
export interface Slice {
  /** Commands that were answered with `ok` while the load lasted. */
  perSecond: number
  /** The same of what was left when it was over. */
  perSecondAfterwards: number
  inEachSecond: number[]
  /** Commands that were asked for while the load lasted. */
  askedPerSecond: number
  messages: number
  acknowledgedMs: { p50: number; p99: number }
  /** To the receipt by somebody else. */
  deliveredMs: { p50: number; p99: number }
  /** CPU time for each message. */
  micros: { server: number; postgres: number; redis: number; all: number }
  refused: Record<string, number>
  /** Receipts that did not come; below 0: that came twice. */
  missing: number
  /** Of the load generators, 0 to 1. */
  busy: number
}

/** Load generators that are busier than this may be what limits a peer. */
const LIMIT_BUSY = 0.9
const RECEIPTS_MS = 10_000

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** A peer with its people connected. */
export interface Side {
  peer: Peer
  people: readonly Talker[]
  /** How many hear each message. */
  listeners: number
}

/** Starts a peer, makes its people and connects them; the two of a pair to different instances where there are several. */
export async function connectPeople(
  { testbed }: Bench,
  peer: Peer,
  count: number,
  rooms: 'pairs' | 'one room',
): Promise<Side> {
  const people = await makePeople(peer.databaseUrl, count, rooms)
  await testbed.generators.connect(peer.id, spread(people, peer.urls))
  return { peer, people, listeners: rooms === 'pairs' ? 2 : count }
}

export const spread = (people: readonly Talker[], urls: readonly string[]) =>
  people.map((person, i) => ({ ...person, url: urls[i % urls.length] ?? '' }))

export async function measureLoad({ testbed }: Bench, { peer, listeners }: Side, load: Load): Promise<Slice> {
  const { generators } = testbed
  await generators.heard(peer.id)
  const clocks = () => ({
    server: cpuSeconds(peer.pids),
    postgres: cpuSeconds([testbed.postmaster]),
    redis: peer.redisPid ? cpuSeconds([peer.redisPid]) : 0,
  })
  const before = clocks()
  const result = await generators.load(peer.id, load)
  const expected = result.messages * listeners
  let events = 0
  const delivered: number[] = []
  for (const until = performance.now() + RECEIPTS_MS; ; await delay(20)) {
    const heard = await generators.heard(peer.id)
    events += heard.events
    delivered.push(...heard.deliveredMs)
    if (events >= expected || performance.now() > until) break
  }
  const after = clocks()
  const micros = (part: keyof typeof before) => ((after[part] - before[part]) * 1e6) / result.messages
  const parts = { server: micros('server'), postgres: micros('postgres'), redis: micros('redis') }
  return {
    perSecond: sum(result.perSecond) / load.seconds,
    perSecondAfterwards: result.perSecondAfterwards,
    inEachSecond: result.perSecond,
    askedPerSecond: result.askedInTime / load.seconds,
    messages: result.messages,
    acknowledgedMs: { p50: quantile(result.acknowledgedMs, 0.5), p99: quantile(result.acknowledgedMs, 0.99) },
    deliveredMs: { p50: quantile(delivered, 0.5), p99: quantile(delivered, 0.99) },
    micros: { ...parts, all: parts.server + parts.postgres + parts.redis },
    refused: result.refused,
    missing: expected - events,
    busy: result.busy,
  }
}

export type Comparison = Partial<Record<PeerName, Slice[]>>

/** Takes turns: each round every peer once, and each of them equally often first. The first round is not counted. */
export async function compare(bench: Bench, sides: readonly Side[], load: Load): Promise<Comparison> {
  const slices: Comparison = {}
  for (let round = -1; round < bench.rounds; round += 1) {
    for (let i = 0; i < sides.length; i += 1) {
      const side = sides[(i + Math.max(round, 0)) % sides.length]
      if (!side) continue
      const slice = await measureLoad(bench, side, load)
      refuseLoss(side.peer, slice)
      if (round < 0) continue
      const { name } = side.peer
      slices[name] = [...(slices[name] ?? []), slice]
    }
  }
  return slices
}

/** A figure of something that does not work is worth nothing. */
function refuseLoss({ name }: Peer, { missing, refused, messages }: Slice): void {
  if (messages === 0) throw new Error(`${name} answered nothing: ${JSON.stringify(refused)}`)
  if (missing > 0) throw new Error(`${name}: ${missing} receipts of ${messages} messages did not come.`)
  if (Object.keys(refused).length > 0) console.error(`${name} refused: ${JSON.stringify(refused)}`)
}

/** Starts these peers with so many people each. */
export async function lineUp(
  bench: Bench,
  names: readonly PeerName[],
  count: number,
  rooms: 'pairs' | 'one room',
): Promise<Side[]> {
  const sides: Side[] = []
  for (const name of names) sides.push(await connectPeople(bench, await bench.testbed.peer(name), count, rooms))
  return sides
}

/** A row of one figure of each slice. */
export function rowOf(
  scenario: string,
  what: string,
  comparison: Comparison,
  of: (slice: Slice) => number,
  goal?: Row['goal'],
): Row {
  const all = Object.entries(comparison) as [PeerName, Slice[]][] // its keys are nothing else
  const limited = all.filter(([, slices]) => slices.some(({ busy }) => busy > LIMIT_BUSY)).map(([name]) => name)
  return {
    ...{ scenario, what, ...(goal && { goal }), ...(limited.length > 0 && { limited }) },
    figures: Object.fromEntries(all.map(([name, slices]) => [name, slices.map(of)])),
  }
}
