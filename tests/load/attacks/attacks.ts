/**
 * `pnpm bench:attacks`: what other people notice of one who floods. Three attacks on a socket server with its limits as they
 * are by default, on this machine's loopback alone, each from a process of its own: forged tickets on 700 connections (from
 * another address; and through a proxy that we trust), large invalid commands of one person, and 1,000 connections that
 * never read their answers. Exits with 1 when a goal is missed.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freeLocalPort } from '../../../scripts/support/ports'
import { RawWebSocket, type RawWebSocketOptions } from '../../support/clients/RawWebSocket'
import { startGuarded } from '../../support/guardedProcess'
import { Postgres } from '../../support/processes/Postgres'
import { SocketProcess } from '../../support/processes/SocketProcess'
import { insertVisitors, type Visitor } from '../../support/servers/tickets'
import { insertDirectRoom } from '../../support/workload/people'
import { quantile } from '../statistics'
import type { Attack, Damage } from './attackers'

const HANDSHAKES = 19
const HANDSHAKE_GOAL_MS = 300
const PING_GOAL_MS = 50
/** 64 MB may wait for all clients together; the rest is what 1,000 connections and their garbage take. */
const MEMORY_GOAL_BYTES = 512_000_000

const FLOOD: { connections: number; seconds: number } = { connections: 700, seconds: 12 }
const SILENT = { people: 50, connectionsEach: 20 }

const say = (text: string) => void process.stdout.write(`${text}\n`)
const ms = (value: number) => `${value.toFixed(1)} ms`
const mb = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`
let missed = 0
function report(what: string, figures: string, isMet: boolean): void {
  if (!isMet) missed += 1
  say(`${isMet ? 'met   ' : 'MISSED'}  ${what}: ${figures}`)
}

interface Target {
  url: string
  server: SocketProcess
  visitors(count: number): Promise<Visitor[]>
  db: pg.Pool
}

async function withServer(hops: number, work: (target: Target) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-attacks-'))
  const postgres = await Postgres.start()
  const db = new pg.Pool({ connectionString: postgres.url, max: 4 })
  const secret = randomBytes(32).toString('hex')
  const port = await freeLocalPort(undefined)
  let server: SocketProcess | undefined
  try {
    server = await SocketProcess.start(port, {
      PATH: process.env.PATH ?? '',
      ...{ APP_ENV: 'test', DATA_DIR: dir, LOG_DIR: join(dir, 'logs'), HOST: '127.0.0.1' },
      DATABASE_URL: postgres.url,
      SESSION_TOKEN_SECRET: secret,
      SERVICE_KEY: randomBytes(32).toString('hex'),
      TRUSTED_PROXY_HOPS: String(hops),
    })
    const visitors = (count: number) => insertVisitors(db, secret, count)
    await work({ url: `http://127.0.0.1:${port}`, server, visitors, db })
  } finally {
    await server?.stop()
    await db.end()
    await postgres.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Attacks while `work` runs; resolves with what the attack has done. */
async function under(attack: Attack, work: () => Promise<void>): Promise<Damage> {
  const script = new URL('./attackers.ts', import.meta.url)
  const attackers = await startGuarded<Damage>(script, { ATTACK: JSON.stringify(attack) })
  try {
    await work()
    return attackers.ready
  } finally {
    await attackers.stop()
  }
}

/** Real people who come in one after the other, each with a ticket of their own. */
async function comeIn({ url, visitors }: Target, from: RawWebSocketOptions): Promise<{ in: number; ms: number[] }> {
  const people = await visitors(HANDSHAKES)
  const took: number[] = []
  for (const person of people) {
    const ticket = await person.ticket()
    const begun = performance.now()
    try {
      const socket = await RawWebSocket.open(url, from)
      const { ok } = await socket.join('/chat', ticket)
      if (ok) took.push(performance.now() - begun)
      socket.close()
    } catch {
      // It did not get in; the count says so.
    }
    await delay((FLOOD.seconds * 1_000) / HANDSHAKES)
  }
  return { in: took.length, ms: took }
}

async function forgedTickets(target: Target, from: RawWebSocketOptions, attacker: RawWebSocketOptions, what: string) {
  const quiet = await comeIn(target, from)
  const linesBefore = target.server.logged
  const { connections } = FLOOD
  const attack: Attack = { kind: 'forged tickets', url: target.url, connections, headers: attacker.headers ?? {} }
  await under(attack, async () => {
    await delay(1_000)
    const under = await comeIn(target, from)
    const p99 = quantile(under.ms, 0.99)
    if (process.env.VERBOSE) say(under.ms.map((one) => one.toFixed(0)).join(' '))
    report(
      `${what}, ${connections} connections`,
      `${under.in} of ${HANDSHAKES} handshakes get in, p50 ${ms(quantile(under.ms, 0.5))}, p99 ${ms(p99)} (goal ${ms(HANDSHAKE_GOAL_MS)}; without the flood ${ms(quantile(quiet.ms, 0.99))})`,
      under.in === HANDSHAKES && p99 < HANDSHAKE_GOAL_MS,
    )
  })
  // Those who came in wrote two lines each.
  const warnings = target.server.loggedSince(linesBefore).filter((line) => line.includes('"warn"'))
  report(
    `${what}, the log`,
    `${warnings.length} warnings in ${FLOOD.seconds} s (goal: one each 10 s)`,
    warnings.length <= 3,
  )
}

async function largeCommands(target: Target): Promise<void> {
  const [attacker, ...others] = await target.visitors(6)
  if (!attacker) throw new Error('Nobody was inserted.')
  const tickets = await Promise.all(Array.from({ length: 20 }, () => attacker.ticket()))
  const listeners: RawWebSocket[] = []
  for (const other of others) {
    const socket = await RawWebSocket.open(target.url)
    await socket.join('/chat', await other.ticket())
    listeners.push(socket)
  }
  // 60 kB, thousands of keys, every value wrong.
  const rooms = Object.fromEntries(Array.from({ length: 4_500 }, (_, i) => [`r${i}`, 'x']))
  const attack: Attack = {
    ...{ kind: 'large commands', url: target.url, tickets },
    ...{ command: 'syncRooms', input: { rooms } },
  }
  await under(attack, async () => {
    await delay(1_000)
    const took: number[] = []
    for (let i = 0; i < 20; i += 1) {
      for (const socket of listeners) {
        const answered = await socket.ask('/chat', 'ping', {})
        if (answered !== undefined) took.push(answered)
        await delay(50)
      }
    }
    const p99 = quantile(took, 0.99)
    report(
      'large invalid syncRooms, 20 connections of one person',
      `${took.length} of ${20 * listeners.length} pings of others answered, p50 ${ms(quantile(took, 0.5))}, p99 ${ms(p99)} (goal ${ms(PING_GOAL_MS)})`,
      took.length === 20 * listeners.length && p99 < PING_GOAL_MS,
    )
  })
}

async function neverReading(target: Target): Promise<void> {
  const people = await target.visitors(SILENT.people)
  const [one, other] = people
  if (!one || !other) throw new Error('Nobody was inserted.')
  // Each has a room whose newest page is large.
  const [partner] = await target.visitors(1)
  const roomIds: string[] = []
  for (const person of people) {
    const roomId = await insertDirectRoom(target.db, person, partner ?? other)
    await target.db.query(
      `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
       SELECT gen_random_uuid()::text, $1, n, n, $2, 'c' || n, repeat('€', 4000), now() FROM generate_series(1, 50) AS n`,
      [roomId, person.id],
    )
    await target.db.query('UPDATE rooms SET last_seq = 50, last_rev = 50 WHERE id = $1', [roomId])
    roomIds.push(roomId)
  }
  const before = target.server.residentBytes()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, target.server.residentBytes())
  }, 500)
  const running: Promise<unknown>[] = []
  let opened = 0
  try {
    // A person's 20 connections ask for their own room: what one cannot share with another.
    for (const [i, person] of people.entries()) {
      const tickets = await Promise.all(Array.from({ length: SILENT.connectionsEach }, () => person.ticket()))
      const sockets = await Promise.all(
        tickets.map(async (ticket) => {
          const socket = await RawWebSocket.open(target.url)
          const { ok } = await socket.join('/chat', ticket)
          if (ok) opened += 1
          socket.pause()
          for (let n = 0; n < 2; n += 1) socket.tell('/chat', 'joinRoom', { roomId: roomIds[i] })
          return socket
        }),
      )
      running.push(...sockets.map((socket) => socket.closed()))
    }
    await delay(5_000)
  } finally {
    clearInterval(watch)
  }
  const log = target.server.loggedSince(0).filter((line) => line.includes('too slowly'))
  report(
    `${opened} connections that never read`,
    `memory ${mb(before)} before, ${mb(most)} at most (goal ${mb(MEMORY_GOAL_BYTES)} in all); ${log.length} cut off`,
    opened === SILENT.people * SILENT.connectionsEach && most < MEMORY_GOAL_BYTES,
  )
}

/** Names of attacks as arguments: only those. */
const [, , ...chosen] = process.argv
const isChosen = (name: string) => chosen.length === 0 || chosen.includes(name)

if (isChosen('address'))
  await withServer(0, async (target) => {
    await forgedTickets(target, { localAddress: '127.0.0.2' }, {}, 'forged tickets from one address')
  })
if (isChosen('proxy'))
  await withServer(1, async (target) => {
    const [person, attacker] = ['203.0.113.1', '203.0.113.2'].map((address) => ({
      headers: { 'X-Forwarded-For': address },
    }))
    await forgedTickets(target, person ?? {}, attacker ?? {}, 'forged tickets through a trusted proxy')
  })
if (isChosen('commands')) await withServer(0, largeCommands)
if (isChosen('silent')) await withServer(0, neverReading)
process.exitCode = missed === 0 ? 0 : 1
process.exit()
