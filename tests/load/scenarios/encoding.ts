import { randomUUID } from 'node:crypto'
import { Manager, type Socket } from 'socket.io-client'
import * as msgpack from 'socket.io-msgpack-parser'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { cpuSeconds } from '../cpuTime'
import type { Bench } from '../measure'
import type { Peer } from '../peers/Peer'
import { makePeople, type Talker } from '../peers/people'
import { type Row, tandemRows } from '../rows'
import type { Scenario } from './Scenario'

const PEOPLE = 20
const MESSAGES = 400

const ways = [
  { name: 'JSON', env: {}, parser: undefined },
  { name: 'JSON, compressed from 1 kB', env: { SOCKET_COMPRESSION: '1024' }, parser: undefined },
  { name: 'MessagePack', env: { SOCKET_PARSER: 'msgpack' }, parser: msgpack },
] as const

/** Words in no order that repeats: as well compressed as what people write, not as one word over and over. */
function prose(length: number): string {
  const words =
    'the of tandem and message when people they would about there which could other write after before again'
  const all = words.split(' ')
  let [text, seed] = ['', 7]
  while (text.length < length) {
    seed = (seed * 48_271) % 2_147_483_647
    text += `${all[seed % all.length]}${seed % 7 === 0 ? seed % 1_000 : ''} `
  }
  return text.slice(0, length - 1)
}

const texts = [
  { what: '40 characters', text: prose(40) },
  { what: '3,000 characters', text: prose(3_000) },
]

export const encoding: Scenario = {
  name: 'encoding',
  what: 'what SOCKET_COMPRESSION and SOCKET_PARSER cost and spare: 20 people in one room, one message after the other',
  async run(bench) {
    const sides = []
    for (const { name, env, parser } of ways) {
      const peer = await bench.testbed.tandem({ env })
      const people = await makePeople(peer.databaseUrl, bench.size(PEOPLE, 4), 'one room')
      sides.push({ name, peer, sockets: await connect(bench, peer, people, parser), roomId: people[0]?.roomId ?? '' })
    }
    const rows: Row[] = []
    for (const { what, text } of texts) {
      const found = sides.map(({ name }) => ({ name, figures: [] as Figure[] }))
      for (let round = -1; round < bench.rounds; round += 1) {
        for (const [i, side] of sides.entries()) {
          const figure = await talk(side.peer, side.sockets, side.roomId, text, bench.size(MESSAGES, 4))
          if (round >= 0) found[i]?.figures.push(figure)
        }
      }
      for (const { name, figures } of found) {
        rows.push(
          ...tandemRows('encoding', figures, [
            [`${what}, ${name}: bytes for each who hears it`, ({ bytes }) => bytes],
            [`${what}, ${name}: CPU of the server, µs a message`, ({ micros }) => micros],
          ]),
        )
      }
    }
    for (const { sockets } of sides) for (const socket of sockets) socket.disconnect()
    return rows
  },
}

interface Figure {
  bytes: number
  micros: number
}

function connect({ testbed }: Bench, { urls }: Peer, people: readonly Talker[], parser: object | undefined) {
  const tokens = createSessionTokens(testbed.sessionTokenKeys)
  return Promise.all(
    people.map(async ({ userId, sessionId }) => {
      const manager = new Manager(urls[0] ?? '', {
        ...{ transports: ['websocket'], reconnection: false, forceNew: true },
        ...(parser && { parser }),
      })
      const { token } = tokens.issue({ userId, sessionId }, '/chat')
      const socket = manager.socket('/chat', { auth: { token } })
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('connect_error', reject)
      })
      return socket
    }),
  )
}

async function talk(
  { pids }: Peer,
  sockets: readonly Socket[],
  roomId: string,
  message: string,
  count: number,
): Promise<Figure> {
  const [sender, ...listeners] = sockets
  if (!sender) throw new Error('Nobody is there.')
  let heard = 0
  let allHeard = () => {}
  const hear = () => {
    heard += 1
    if (heard === count * listeners.length) allHeard()
  }
  for (const listener of listeners) listener.on('receiveMessage', hear)
  const bytes = () => listeners.reduce((sum, listener) => sum + bytesRead(listener), 0)
  const before = { bytes: bytes(), cpu: cpuSeconds(pids) }
  const done = new Promise<void>((resolve) => {
    allHeard = resolve
  })
  for (let sent = 0; sent < count; sent += 1) {
    const answer: { ok: boolean } = await sender.emitWithAck('sendMessage', { roomId, message, clientId: randomUUID() })
    if (!answer.ok) throw new Error(`A message was refused: ${JSON.stringify(answer)}`)
  }
  await done
  for (const listener of listeners) listener.off('receiveMessage', hear)
  return {
    bytes: (bytes() - before.bytes) / (count * listeners.length),
    micros: ((cpuSeconds(pids) - before.cpu) * 1e6) / count,
  }
}

/** Of the TCP connection, which the client's WebSocket, and `ws` in it, keep to themselves. */
function bytesRead({ io }: Socket): number {
  const { ws } = io.engine.transport as unknown as { ws: { _socket: { bytesRead: number } } }
  return ws._socket.bytesRead
}
