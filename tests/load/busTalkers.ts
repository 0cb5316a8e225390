import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { guard } from '../support/guardedProcess'
import type { ChatClient } from '../support/servers/testUser'

/** Who talks in which pair, and to which server of which fleet. */
export interface TalkerOptions {
  fleet: string
  server: number
  url: string
  userId: string
  sessionId: string
  /** One for each kind of conversation. */
  rooms: Record<string, string>
}

/** What TALKERS holds as JSON. */
export interface TalkersOptions {
  sessionTokenSecret: string
  talkers: TalkerOptions[]
}

export interface RunRequest {
  type: 'run'
  fleet: string
  /** The kind of conversation. */
  kind: string
  seconds: number
  /** Messages a second of this process; null: each as fast as they are answered, one message at a time. */
  rate: number | null
}
/** All are told of a fleet's turn before anybody runs; `receipts` only counts. */
export type TalkersRequest = RunRequest | { type: 'turn'; fleet: string } | { type: 'receipts' } | { type: 'collect' }

export interface RunAnswer {
  acked: number
  /** How long it took from the first to the last acknowledgement, in seconds. */
  seconds: number
}
export interface Collected {
  receipts: number
  /** Attempts that a server which was too busy refused. */
  refused: number
  /** From sending to the receipt by somebody on another server (with one server: by somebody else), in milliseconds. */
  latencies: number[]
}

/** Receipts whose latency is kept: all of a pair's, one in so many where each message has many readers. */
const KEPT_OF_MANY = 20
/** With this many unanswered messages the pace is not kept. */
const MOST_UNANSWERED = 5_000
const RETRY_MS = 200
const AT_ONCE = 10
const CONNECT_ATTEMPTS = 10

const nowMs = () => Number(process.hrtime.bigint()) / 1e6 // one clock for all processes of the machine

interface Talker extends TalkerOptions {
  client: ChatClient
}

let received: Collected = { receipts: 0, refused: 0, latencies: [] }
/** Whose turn it is: what the fleet before receives late is nobody's. */
let turn = ''
/** Servers of each fleet; with one of them every receipt counts that is somebody else's. */
const servers = new Map<string, Set<number>>()

/** The text says when and where it was sent. */
const text = ({ server }: Talker) => `${nowMs().toFixed(3)} ${server} A message of a usual length, as people write.`

function receive(talker: TalkerOptions, message: { senderId: string; message: string; roomId: string }): void {
  if (talker.fleet !== turn) return
  received.receipts += 1
  if (message.senderId === talker.userId) return
  const [sentAt, server] = message.message.split(' ', 2).map(Number)
  if (server === talker.server && (servers.get(talker.fleet)?.size ?? 0) > 1) return
  const isKept = message.roomId === talker.rooms.pairs || received.receipts % KEPT_OF_MANY === 0
  if (isKept) received.latencies.push(nowMs() - (sentAt ?? Number.NaN))
}

async function connect(options: TalkerOptions, token: string): Promise<Talker> {
  const client: ChatClient = io(`${options.url}/chat`, { auth: { token }, transports: ['websocket'], forceNew: true })
  client.on('receiveMessage', (message) => receive(options, message))
  await new Promise<void>((resolve, reject) => {
    let left = CONNECT_ATTEMPTS
    client.once('connect', resolve)
    client.on('connect_error', (error) => {
      left -= 1
      if (left === 0) reject(error)
      // A busy server sends people away for a while, and Socket.IO does not come back by itself then.
      else if (!client.active) setTimeout(() => client.connect(), 1_000)
    })
  })
  return { ...options, client }
}

/** As pages do, the same message again when a server that is too busy refuses it: it counts from the first attempt. */
async function send(talker: Talker, kind: string): Promise<void> {
  const message = { roomId: talker.rooms[kind] ?? '', message: text(talker), clientId: randomUUID() }
  for (;;) {
    const reply = await talker.client.emitWithAck('sendMessage', message)
    if (reply.ok) return
    if (!reply.error.retryable) throw new Error(`A message was refused: ${reply.error.code}`)
    received.refused += 1
    await delay(RETRY_MS)
  }
}

async function sendAsAnswered(talkers: readonly Talker[], { kind, seconds }: RunRequest): Promise<number> {
  const until = performance.now() + seconds * 1_000
  let acked = 0
  await Promise.all(
    talkers.map(async (talker) => {
      while (performance.now() < until) {
        await send(talker, kind)
        acked += 1
      }
    }),
  )
  return acked
}

async function sendPaced(talkers: readonly Talker[], { kind, seconds }: RunRequest, rate: number): Promise<number> {
  const begun = performance.now()
  const sends: Promise<void>[] = []
  let unanswered = 0
  for (let sent = 0; sent < rate * seconds; ) {
    const due = Math.min(rate * seconds, ((performance.now() - begun) / 1_000) * rate)
    for (; sent < due; sent++) {
      if (unanswered > MOST_UNANSWERED) throw new Error('The servers cannot keep this pace.')
      const talker = talkers[sent % talkers.length]
      if (!talker) throw new Error('Nobody talks.')
      unanswered += 1
      const answered = () => {
        unanswered -= 1
      }
      sends.push(send(talker, kind).then(answered))
    }
    await delay(1)
  }
  await Promise.all(sends)
  return sends.length
}

// A script of its own: the clients' CPU time must be nobody else's.
await guard<{ connected: number }>(async () => {
  const options = JSON.parse(process.env.TALKERS ?? '{}') as TalkersOptions // written by BusFleet.ts
  const tokens = createSessionTokens(onlyKey(options.sessionTokenSecret))
  const talkers: Talker[] = []
  const queue = [...options.talkers]
  const connectSome = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const servedBy = servers.get(next.fleet) ?? new Set()
      servers.set(next.fleet, servedBy.add(next.server))
      talkers.push(await connect(next, (await tokens.issue(next, '/chat')).token))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, connectSome))

  const answer = async (request: TalkersRequest): Promise<RunAnswer | Collected | { receipts: number }> => {
    if (request.type === 'turn') {
      turn = request.fleet
      received = { receipts: 0, refused: 0, latencies: [] }
      return { receipts: 0 }
    }
    if (request.type === 'receipts') return { receipts: received.receipts }
    if (request.type === 'collect') return received
    const some = talkers.filter(({ fleet }) => fleet === request.fleet)
    const begun = performance.now()
    const acked = await (request.rate === null ? sendAsAnswered(some, request) : sendPaced(some, request, request.rate))
    return { acked, seconds: (performance.now() - begun) / 1_000 }
  }
  process.on('message', (request: TalkersRequest) => {
    void answer(request).then((reply) => process.send?.(reply))
  })
  return {
    ready: { connected: talkers.length },
    stop: async () => {
      for (const { client } of talkers) client.disconnect()
    },
  }
})
