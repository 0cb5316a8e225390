import { RawWebSocket } from '../../support/clients/RawWebSocket'
import { guard } from '../../support/guardedProcess'

/** What ATTACK holds as JSON. Every attack ends with its process. */
export type Attack =
  /** So many connections that show a forged ticket again and again, and come back at once when they are closed. */
  | { kind: 'forged tickets'; url: string; connections: number; headers?: Record<string, string> }
  /** A connection for each ticket, which sends this command as fast as it is answered, several at a time. */
  | { kind: 'large commands'; url: string; tickets: string[]; command: string; input: unknown }
  /** The same, but nothing is ever read, and each command is sent so many times. */
  | { kind: 'never reading'; url: string; tickets: string[]; command: string; input: unknown; times: number }

/** What an attack has done so far. */
export interface Damage {
  opened: number
  turnedAway: number
  commands: number
}

/** Commands that wait for their answer at the same time, for each connection. */
const IN_FLIGHT = 4
/** Right in every part but the signature. */
const forged = (): string => {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const now = Math.floor(Date.now() / 1_000)
  const payload = { iss: 'tandem', aud: '/chat', sub: 'x', sid: 'x', jti: `${Math.random()}`, iat: now, exp: now + 60 }
  return `${encode({ alg: 'HS256', typ: 'ticket+jwt', kid: 'default' })}.${encode(payload)}.${'A'.repeat(43)}`
}

const damage: Damage = { opened: 0, turnedAway: 0, commands: 0 }
let isOver = false

async function showForgedTickets(url: string, headers: Record<string, string>): Promise<void> {
  while (!isOver) {
    try {
      const socket = await RawWebSocket.open(url, { headers })
      damage.opened += 1
      while (!socket.isClosed && !isOver) {
        await socket.join('/chat', forged())
        damage.commands += 1
      }
      socket.close()
    } catch {
      damage.turnedAway += 1
    }
  }
}

async function joined(url: string, ticket: string): Promise<RawWebSocket | undefined> {
  const socket = await RawWebSocket.open(url)
  const { ok } = await socket.join('/chat', ticket)
  if (ok) damage.opened += 1
  else damage.turnedAway += 1
  return ok ? socket : undefined
}

async function sendLargeCommands(attack: Attack & { kind: 'large commands' }, ticket: string): Promise<void> {
  const socket = await joined(attack.url, ticket)
  const loop = async () => {
    while (socket && !socket.isClosed && !isOver) {
      await socket.ask('/chat', attack.command, attack.input)
      damage.commands += 1
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop))
}

async function neverRead(attack: Attack & { kind: 'never reading' }, ticket: string): Promise<void> {
  const socket = await joined(attack.url, ticket)
  socket?.pause()
  for (let i = 0; i < attack.times; i += 1) {
    socket?.tell('/chat', attack.command, attack.input)
    damage.commands += 1
  }
}

/** How many may be opening their connection at the same time. */
const AT_ONCE = 20

async function forEach(tickets: readonly string[], work: (ticket: string) => Promise<void>): Promise<void> {
  const queue = [...tickets]
  const next = async () => {
    for (let ticket = queue.shift(); ticket !== undefined; ticket = queue.shift()) await work(ticket)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

// A process of its own: what attacking costs is nobody else's time.
await guard<Damage>(async () => {
  const attack = JSON.parse(process.env.ATTACK ?? '{}') as Attack // written by attacks.ts
  process.on('message', () => process.send?.(damage))
  const ignore = () => undefined
  if (attack.kind === 'forged tickets') {
    for (let i = 0; i < attack.connections; i += 1) void showForgedTickets(attack.url, attack.headers ?? {})
  } else if (attack.kind === 'large commands') {
    for (const ticket of attack.tickets) void sendLargeCommands(attack, ticket).catch(ignore)
  } else await forEach(attack.tickets, (ticket) => neverRead(attack, ticket).catch(ignore))
  return {
    ready: damage,
    stop: async () => {
      isOver = true
    },
  }
})
