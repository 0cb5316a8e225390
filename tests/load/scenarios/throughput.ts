import { chatCommands } from '@/contracts/chat'
import { compare, lineUp, rowOf } from '../measure'
import { peerNames } from '../peers/Peer'
import type { Goal, Row } from '../rows'
import type { Scenario } from './Scenario'

const PEOPLE = 200

/** Node 20 pays more for every promise. */
const isNode24 = Number(process.versions.node.split('.')[0]) >= 24
const ofBare = (inFlight: number): Goal => ({
  of: 'bare',
  atLeast: inFlight === 4 ? (isNode24 ? 0.58 : 0.5) : isNode24 ? 0.45 : 0.38,
})

/** Everybody sends as fast as they are answered: what a peer can do. */
export const pairs: Scenario = {
  name: 'pairs',
  what: '200 people in rooms of two, each as fast as they are answered, 1 and 4 messages in flight',
  async run(bench) {
    const sides = await lineUp(bench, peerNames, bench.size(PEOPLE, 8), 'pairs')
    const rows: Row[] = []
    for (const inFlight of [1, 4]) {
      const found = await compare(bench, sides, { pace: { inFlight }, seconds: bench.seconds, mix: ['sendMessage'] })
      const row = (what: string, ...rest: [Parameters<typeof rowOf>[3], Goal?]) =>
        rows.push(rowOf('pairs', `${inFlight} in flight: ${what}`, found, ...rest))
      row('messages/s', ({ perSecond }) => perSecond, ofBare(inFlight))
      row('acknowledged, p50 ms', ({ acknowledgedMs: { p50 } }) => p50)
      row('acknowledged, p99 ms', ({ acknowledgedMs: { p99 } }) => p99)
      row('CPU of the server, µs a message', ({ micros }) => micros.server)
      row('CPU of PostgreSQL, µs a message', ({ micros }) => micros.postgres)
    }
    return rows
  },
}

export const room: Scenario = {
  name: 'room',
  what: 'one room of 200 people, 20 of whom send as fast as they are answered',
  async run(bench) {
    const sides = await lineUp(bench, peerNames, bench.size(PEOPLE, 8), 'one room')
    const talkers = bench.size(20, 4)
    const load = { pace: { inFlight: 1 }, seconds: bench.seconds, mix: ['sendMessage'], talkers }
    const found = await compare(bench, sides, load)
    return [
      rowOf('room', 'messages/s', found, ({ perSecond }) => perSecond),
      rowOf('room', 'acknowledged, p50 ms', found, ({ acknowledgedMs: { p50 } }) => p50),
      rowOf('room', 'CPU of the server, µs a message', found, ({ micros }) => micros.server),
    ]
  },
}

const ordinary = ['sendMessage', 'sendMessage', 'markMessagesRead', 'sendMessage', 'ping', 'sendMessage']

export const mixed: Scenario = {
  name: 'mixed',
  what: 'pairs who also mark as read, ping and (where the server has it) type: 4 of 7 commands are messages',
  async run(bench) {
    const sides = await lineUp(bench, peerNames, bench.size(PEOPLE, 8), 'pairs')
    const hasTyping = 'typing' in chatCommands
    const mix = hasTyping ? [...ordinary, 'typing'] : ordinary
    const found = await compare(bench, sides, { pace: { inFlight: 1 }, seconds: bench.seconds, mix })
    return [
      rowOf('mixed', `commands/s${hasTyping ? '' : ' (no typing yet)'}`, found, ({ perSecond }) => perSecond),
      rowOf('mixed', 'message acknowledged, p50 ms', found, ({ acknowledgedMs: { p50 } }) => p50),
      rowOf('mixed', 'message acknowledged, p99 ms', found, ({ acknowledgedMs: { p99 } }) => p99),
    ]
  },
}

export const paced: Scenario = {
  name: 'paced',
  what: 'pairs at 100 and at 1,000 messages a second in all: how long people wait',
  async run(bench) {
    const sides = await lineUp(bench, peerNames, bench.size(PEOPLE, 8), 'pairs')
    const rows: Row[] = []
    for (const perSecond of [100, 1_000]) {
      const pace = { perSecond: bench.size(perSecond, perSecond / 10) }
      const found = await compare(bench, sides, { pace, seconds: bench.seconds, mix: ['sendMessage'] })
      const goal = (ms: number): Goal | undefined => (perSecond === 100 ? { beyond: 'bare', atMost: ms } : undefined)
      rows.push(
        rowOf('paced', `${perSecond}/s: acknowledged, p50 ms`, found, (slice) => slice.acknowledgedMs.p50, goal(3)),
        rowOf('paced', `${perSecond}/s: acknowledged, p99 ms`, found, (slice) => slice.acknowledgedMs.p99, goal(10)),
        rowOf('paced', `${perSecond}/s: heard by the other, p50 ms`, found, (slice) => slice.deliveredMs.p50),
      )
    }
    return rows
  },
}
