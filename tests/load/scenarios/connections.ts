import { setTimeout as delay } from 'node:timers/promises'
import { cpuSeconds, residentBytes } from '../cpuTime'
import type { Bench } from '../measure'
import { spread } from '../measure'
import { type Peer, type PeerName, peerNames } from '../peers/Peer'
import { makePeople } from '../peers/people'
import type { Scenario } from './Scenario'

const BOTH = ['/chat', '/notifications']

type Figures = Partial<Record<PeerName, number[]>>
const push = (figures: Figures, { name }: Peer, value: number) => {
  figures[name] = [...(figures[name] ?? []), value]
}

export const connect: Scenario = {
  name: 'connect',
  what: 'people who come in as fast as they are let in, each with both namespaces on one connection',
  async run(bench) {
    const { testbed } = bench
    const sides = []
    for (const name of peerNames) {
      const peer = await testbed.peer(name)
      sides.push({ peer, people: await makePeople(peer.databaseUrl, bench.size(200, 10), 'pairs') })
    }
    const [rate, micros]: [Figures, Figures] = [{}, {}]
    for (let round = -1; round < bench.rounds; round += 1) {
      for (const { peer, people } of sides) {
        const before = cpuSeconds(peer.pids)
        const seconds = await testbed.generators.connect(peer.id, spread(people, peer.urls), BOTH)
        const cpu = cpuSeconds(peer.pids) - before
        await testbed.generators.disconnect(peer.id)
        await delay(500) // what leaving causes is not the next one's
        if (round < 0) continue
        push(rate, peer, people.length / seconds)
        push(micros, peer, (cpu * 1e6) / people.length)
      }
    }
    return [
      { scenario: 'connect', what: 'connections/s', figures: rate, goal: { of: 'bare', atLeast: 0.6 } },
      { scenario: 'connect', what: 'CPU of the server, µs a connection', figures: micros },
    ]
  },
}

/** How long a process is left alone before its memory is looked at, in milliseconds. */
const SETTLE_MS = 2_000

type IdleFigures = Record<'rest' | 'each' | 'ofServer' | 'ofPostgres', Figures>

export const idle: Scenario = {
  name: 'idle',
  what: 'people who are connected to both namespaces and only ping: memory of each, CPU time of their pings',
  async run(bench) {
    const figures: IdleFigures = { rest: {}, each: {}, ofServer: {}, ofPostgres: {} }
    // Memory that a process once had it keeps: each round has new ones.
    for (let round = 0; round < bench.rounds; round += 1) {
      // Without the monolith, which takes minutes to let so many in.
      for (const name of ['bare', 'tandem'] as const) {
        await measureIdle(bench, await bench.testbed.peer(name), figures)
        await bench.testbed.clear()
      }
    }
    return [
      { scenario: 'idle', what: 'process at rest, MB', figures: figures.rest, goal: { by: 'itself', atMost: 150 } },
      { scenario: 'idle', what: 'memory, kB a connection', figures: figures.each, goal: { of: 'bare', atMost: 1.15 } },
      { scenario: 'idle', what: 'CPU of the server, µs a ping', figures: figures.ofServer },
      { scenario: 'idle', what: 'CPU of PostgreSQL, µs a ping', figures: figures.ofPostgres },
    ]
  },
}

async function measureIdle(
  { testbed, size }: Bench,
  peer: Peer,
  { rest, each, ofServer, ofPostgres }: IdleFigures,
): Promise<void> {
  const { generators, postmaster } = testbed
  const people = await makePeople(peer.databaseUrl, size(2_000, 20), 'pairs')
  const half = people.length / 2
  await delay(size(SETTLE_MS, 100))
  push(rest, peer, residentBytes(peer.pids[0] ?? 0) / 1e6)
  // The first to come also have V8 make its young generation, which it keeps whatever was in it (100 MB on Node 24).
  await generators.connect(`${peer.id}-first`, spread(people.slice(0, half), peer.urls), BOTH)
  await delay(size(SETTLE_MS, 100))
  const before = await peer.heldBytes()
  await generators.connect(peer.id, spread(people.slice(half), peer.urls), BOTH)
  await delay(size(SETTLE_MS, 100))
  push(each, peer, ((await peer.heldBytes()) - before) / 1e3 / half)
  const clocks = () => [cpuSeconds(peer.pids), cpuSeconds([postmaster])] as const
  const [server, postgres] = clocks()
  // One after the other in each generator: as dear as a ping can be.
  await generators.ask(peer.id, '/chat', 'ping', () => ({ away: false, paged: true, asOf: new Date().toISOString() }))
  const [serverAfter, postgresAfter] = clocks()
  push(ofServer, peer, ((serverAfter - server) * 1e6) / half)
  push(ofPostgres, peer, ((postgresAfter - postgres) * 1e6) / half)
}
