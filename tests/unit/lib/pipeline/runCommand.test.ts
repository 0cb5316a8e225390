import { setImmediate as tick } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { command, commandTable } from '@/contracts/command'
import { AppError, WireError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { correlation } from '@/lib/logger/correlation'
import type { Caller } from '@/lib/pipeline/caller'
import { type CommandCall, type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'
import { Turns } from '@/lib/pipeline/Turns'
import { Timeout } from '@/lib/pipeline/timeout'
import { rateLimitState } from '@/lib/rate-limit/state'
import { silentLogger } from '@/services/shared/Logger'
import { recordingLogger } from '../../../support/recordingLogger'
import { ada, grace } from '../../support/sessionUsers'

const { rename, read } = commandTable('/chat', {
  rename: command({
    input: z.object({ roomId: z.string(), name: z.string().trim().min(1, 'Give a name.') }),
    data: z.object({ name: z.string() }),
    http: 'POST /api/rename',
    permission: 'admin:view-health',
    limit: 'chat-rooms',
    audit: true,
  }),
  read: command({
    input: z.object({ roomId: z.string() }),
    data: z.object({ name: z.string() }),
    http: 'GET /api/read',
    permission: 'anyone',
    limit: null,
    takesTurns: true,
  }),
})
type Call = CommandCall<typeof rename, Caller>

/** A call by Grace that succeeds, but for what a test says; with the steps it went through. */
function run(call: Partial<Call> = {}, deps: Partial<PipelineDeps> = {}) {
  const { logger, entries } = recordingLogger()
  const steps: string[] = []
  const observe = vi.fn<NonNullable<PipelineDeps['observe']>>()
  const noteAudit = vi.fn<NonNullable<PipelineDeps['noteAudit']>>()
  const whole: Call = {
    command: rename,
    transport: 'http',
    correlationId: 'c1',
    from: () => ({ address: '192.0.2.7', origin: null }),
    authenticate: async () => grace,
    limitKey: (caller) => (caller && 'id' in caller ? caller.id : 'address'),
    read: async () => ({ input: { roomId: 'r1', name: ' Lounge ' }, bytes: 40 }),
    execute: async ({ name }) => ({ name }),
    ...call,
  }
  const noted = <Args extends unknown[], R>(step: string, work: (...args: Args) => R) => {
    return (...args: Args): R => {
      steps.push(step)
      return work(...args)
    }
  }
  const reply = runCommand(
    {
      logger,
      rateLimit: noted('limit', deps.rateLimit ?? (async () => undefined)),
      timeout: deps.timeout ?? new Timeout(1_000),
      observe,
      noteAudit,
    },
    {
      ...whole,
      authenticate: noted('authenticate', whole.authenticate),
      read: noted('read', whole.read),
      execute: noted('execute', whole.execute),
    },
  )
  return { reply, steps, observe, noteAudit, entries }
}

test('a command that succeeds goes through every step in order and answers what its handler gave', async () => {
  const { reply, steps, observe, noteAudit, entries } = run()
  expect(await reply).toEqual({ ok: true, data: { name: 'Lounge' } })
  expect(steps).toEqual(['authenticate', 'limit', 'read', 'execute'])
  expect(observe).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ command: rename, transport: 'http' }),
    'ok',
    expect.any(Number),
    40,
  )
  expect(entries.map(({ level, message }) => `${level} ${message}`)).toEqual(['debug rename ok'])
  expect(noteAudit).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ userId: grace.id, address: '192.0.2.7', correlationId: 'c1' }),
    { action: 'rename', outcome: 'ok' },
  )
})

const denied = async () => {
  throw new AppError('UNAUTHENTICATED')
}
test.each<[what: string, call: Partial<Call>, code: string, steps: string[]]>([
  ['who is not signed in', { authenticate: denied }, 'UNAUTHENTICATED', ['authenticate', 'limit']],
  ['who may not', { authenticate: async () => ada }, 'FORBIDDEN', ['authenticate']],
  [
    'what is too large',
    { read: async () => ({ input: { roomId: 'r1', name: 'x' }, bytes: limits.payloadBytes + 1 }) },
    'PAYLOAD_TOO_LARGE',
    ['authenticate', 'limit', 'read'],
  ],
  [
    'what is not of the input’s form',
    { read: async () => ({ input: { roomId: 'r1', name: ' ' }, bytes: 1 }) },
    'BAD_REQUEST',
    ['authenticate', 'limit', 'read'],
  ],
])('%s goes no further, is answered, counted and audited', async (_, call, code, expected) => {
  const { reply, steps, observe, noteAudit, entries } = run(call)
  const answer = await reply
  expect(answer).toMatchObject({ ok: false, error: { code, correlationId: 'c1' } })
  expect(WireError.safeParse(!answer.ok && answer.error).success).toBe(true)
  expect(steps).toEqual(expected)
  expect(observe).toHaveBeenCalledExactlyOnceWith(expect.anything(), code, expect.any(Number), expect.any(Number))
  expect(entries.map(({ message }) => message)).toContain(`rename ${code}`)
  expect(noteAudit).toHaveBeenCalledExactlyOnceWith(expect.anything(), { action: 'rename', outcome: code })
})

test('who is beyond their limit is refused before their input is read, and the transport says so', async () => {
  const tellLimit = vi.fn()
  const rateLimit = vi.fn(async () => rateLimitState(5, 6, 1_000))
  const { reply, steps } = run({ tellLimit }, { rateLimit })
  expect(await reply).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED', retryAfterMs: 1_000 } })
  expect(steps).toEqual(['authenticate', 'limit'])
  expect(rateLimit).toHaveBeenCalledWith('chat-rooms', 'grace')
  expect(tellLimit).toHaveBeenCalledOnce()
})

test('a handler that takes too long is TIMEOUT', async () => {
  const { reply } = run({ execute: () => new Promise(() => {}) }, { timeout: new Timeout(1) })
  expect(await reply).toMatchObject({ ok: false, error: { code: 'TIMEOUT', retryable: true } })
})

test('a fault of ours is INTERNAL to the caller, and in the log with who, where and why, but not with what', async () => {
  const { reply, entries } = run({
    execute: async () => {
      throw new TypeError('undefined is not a function')
    },
  })
  expect(JSON.stringify(await reply)).not.toContain('undefined is not a function')
  const [line] = entries.filter(({ level }) => level === 'error')
  expect(line).toMatchObject({
    message: 'rename failed',
    fields: { correlationId: 'c1', userId: 'grace', roomId: 'r1', cause: expect.any(TypeError) },
  })
  expect(JSON.stringify(entries)).not.toContain('Lounge')
})

test('where nothing has to be waited for the handler is called at once, and nothing is gathered for a log nobody keeps', async () => {
  const execute = vi.fn(async () => ({ name: 'Lounge' }))
  const debug = vi.fn()
  const reply = runCommand<typeof rename, Caller>(
    { logger: { ...silentLogger, debug }, rateLimit: () => undefined, timeout: new Timeout(1_000) },
    {
      command: rename,
      transport: 'socket',
      correlationId: 'c1',
      from: () => ({ address: '192.0.2.7', origin: null }),
      authenticate: () => grace,
      limitKey: () => 'grace',
      read: () => ({ input: { roomId: 'r1', name: 'Lounge' }, bytes: 40 }),
      execute,
    },
  )
  expect(execute).toHaveBeenCalledOnce()
  expect(await reply).toMatchObject({ ok: true })
  expect(debug).not.toHaveBeenCalled()
})

test('whatever a handler logs carries the call’s correlation id', async () => {
  let seen: string | undefined
  const { reply } = run({
    execute: async ({ name }) => {
      await new Promise(setImmediate)
      seen = correlation.getStore()
      return { name }
    },
  })
  await reply
  expect(seen).toBe('c1')
})

/** Calls in one process where a person has one turn; `begun` says whose work began, and `end` ends all of it. */
function inTurns(commandTimeoutMs = 60_000) {
  const turns = new Turns({ atOnce: 1, mostWaiting: 10, maxWaitMs: commandTimeoutMs })
  const deps = { logger: silentLogger, rateLimit: () => undefined, timeout: new Timeout(commandTimeoutMs), turns }
  const begun: string[] = []
  const ends: (() => void)[] = []
  const ask = (what: string, caller: Caller, call: { isQuick?: boolean; body?: Promise<void> } = {}) => {
    const base = {
      transport: 'http',
      correlationId: 'c1',
      from: () => ({ address: '192.0.2.7', origin: null }),
      authenticate: async () => caller,
      limitKey: () => 'anybody',
      read: async () => {
        await call.body
        return { input: { roomId: 'r1', name: 'Lounge' }, bytes: 2 }
      },
      execute: () => {
        begun.push(what)
        return new Promise<{ name: string }>((resolve) => void ends.push(() => resolve({ name: what })))
      },
    } as const
    return call.isQuick
      ? runCommand<typeof rename, Caller>(deps, { ...base, command: rename })
      : runCommand<typeof read, Caller>(deps, { ...base, command: read })
  }
  const end = async () => {
    for (const finish of ends.splice(0)) finish()
    await settled()
  }
  return { ask, begun, end }
}
/** Everything that can go on has gone on. */
const settled = async () => {
  for (let i = 0; i < 5; i++) await tick()
}
const service = { isService: true, name: 'billing', scopes: [] } as const

test('what reads a lot waits for the same person’s; no other command and nobody else does', async () => {
  const { ask, begun, end } = inTurns()
  const first = ask('first', grace)
  await settled()
  const second = ask('second', grace)
  const others = [ask('a quick one', grace, { isQuick: true }), ask('Ada’s', ada)]
  others.push(ask('a service’s', service), ask('another of it', service), ask('nobody’s', null), ask('again', null))
  await settled()
  const all = ['first', 'a quick one', 'Ada’s', 'a service’s', 'another of it', 'nobody’s', 'again']
  expect(begun.toSorted()).toEqual(all.toSorted())
  await end()
  expect(begun.at(-1)).toBe('second')
  await end()
  await Promise.all([first, second, ...others])
})

test('a body that is slow to arrive holds no turn', async () => {
  const { ask, begun, end } = inTurns()
  let arrive = () => {}
  const body = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const slow = ask('slow', grace, { body })
  await settled()
  const quick = ask('quick', grace)
  await settled()
  expect(begun).toEqual(['quick'])
  await end()
  expect(await quick).toMatchObject({ ok: true })
  arrive()
  await settled()
  await end()
  expect(await slow).toMatchObject({ ok: true })
})

test('waiting for a turn ends with TIMEOUT when the time is over, not when the turn comes', async () => {
  const { ask, begun, end } = inTurns(50)
  const held = ask('held', grace)
  await settled()
  expect(await ask('waits', grace)).toMatchObject({ ok: false, error: { code: 'TIMEOUT', retryable: true } })
  expect(await held).toMatchObject({ ok: false, error: { code: 'TIMEOUT' } })
  await end()
  // Nobody hears its answer any more.
  expect(begun).toEqual(['held'])
})
