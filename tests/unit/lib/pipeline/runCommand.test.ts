import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { command, commandTable } from '@/contracts/command'
import { AppError, WireError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { correlation } from '@/lib/logger/correlation'
import type { Caller } from '@/lib/pipeline/caller'
import { type CommandCall, type PipelineDeps, runCommand } from '@/lib/pipeline/runCommand'
import { rateLimitState } from '@/lib/rate-limit/state'
import { recordingLogger } from '../../../support/recordingLogger'
import { ada, grace } from '../../support/sessionUsers'

const { rename } = commandTable('/chat', {
  rename: command({
    input: z.object({ roomId: z.string(), name: z.string().trim().min(1, 'Give a name.') }),
    data: z.object({ name: z.string() }),
    http: 'POST /api/rename',
    permission: 'admin:view-health',
    limit: 'chat-rooms',
    audit: true,
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
    line: () => undefined,
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
      commandTimeoutMs: deps.commandTimeoutMs ?? 1_000,
      observe,
      noteAudit,
    },
    {
      ...whole,
      line: () => undefined,
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
  [
    'who is not signed in',
    { line: () => undefined, authenticate: denied },
    'UNAUTHENTICATED',
    ['authenticate', 'limit'],
  ],
  ['who may not', { line: () => undefined, authenticate: async () => ada }, 'FORBIDDEN', ['authenticate']],
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
  const { reply } = run({ execute: () => new Promise(() => {}) }, { commandTimeoutMs: 1 })
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
