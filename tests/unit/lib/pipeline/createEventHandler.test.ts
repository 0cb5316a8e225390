import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { command, commandTable } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { createEventHandler, type EventHandlerDeps, type SocketRow } from '@/lib/pipeline/createEventHandler'
import { InFlight } from '@/lib/pipeline/InFlight'
import { Turns } from '@/lib/pipeline/Turns'
import { Timeout } from '@/lib/pipeline/timeout'
import { rateLimitState } from '@/lib/rate-limit/state'
import { silentLogger } from '@/services/shared/Logger'
import { ada } from '../../support/sessionUsers'

const { double, lookUp } = commandTable('/chat', {
  double: command({
    input: z.number('Give a number.').optional(),
    data: z.number(),
    http: 'POST /api/double',
    permission: 'chat:read',
    limit: 'chat-read',
    created: 'when made',
  }),
  lookUp: command({
    input: z.number().optional(),
    data: z.number(),
    http: 'POST /api/look-up',
    permission: 'chat:read',
    limit: 'chat-history',
    takesTurns: true,
  }),
})
const twice = async (_: unknown, n = 1) => n * 2

const fromHome = { from: { address: '192.0.2.7', origin: null } } as const

/** A socket of Ada's; `call` resolves with what it was acknowledged, `emitted` is what it was told besides. */
function open(
  row: SocketRow<typeof double, FakeSocket>,
  deps: Partial<EventHandlerDeps<FakeSocket>> = {},
  command: typeof double = double,
) {
  const emitted: unknown[][] = []
  const socket = {
    data: { user: ada, ...fromHome },
    connected: true,
    emit: (...event: unknown[]) => emitted.push(event),
  }
  const inFlight = deps.inFlight ?? new InFlight()
  const handle = createEventHandler<typeof double, FakeSocket>(
    { logger: silentLogger, rateLimit: async () => undefined, timeout: new Timeout(1_000), ...deps, inFlight },
    command,
    row,
  )
  const listen = (...args: unknown[]) => handle(socket, args)
  const call = (...args: unknown[]) => new Promise((resolve) => void listen(...args, resolve))
  return { call, listen, emitted, inFlight, socket }
}
interface FakeSocket {
  connected: boolean
  data: { user: typeof ada; from: { address: string; origin: null } }
  emit(...event: unknown[]): unknown
}

test('an event is acknowledged with the handler’s answer', async () => {
  const { call, emitted } = open(twice)
  expect(await call(21)).toEqual({ ok: true, data: 42 })
  expect(emitted).toEqual([])
})

test('an event without an input, and one whose input is null, have none', async () => {
  const { call } = open(twice)
  expect(await call()).toEqual({ ok: true, data: 2 })
  expect(await call(null)).toEqual({ ok: true, data: 2 })
})

test('a refusal is the acknowledgement; who asked for none hears commandError', async () => {
  const { call, listen, emitted } = open(twice)
  const error = { code: 'BAD_REQUEST', message: 'Give a number.' }
  expect(await call('many')).toMatchObject({ ok: false, error })
  expect(emitted).toEqual([])
  await listen('many')
  expect(emitted).toEqual([['commandError', expect.objectContaining(error)]])
})

test('an event that succeeds without acknowledgement says nothing', async () => {
  const { listen, emitted } = open(twice)
  await listen(21)
  expect(emitted).toEqual([])
})

test('an input beyond 64 KB of JSON is PAYLOAD_TOO_LARGE, counted in bytes', async () => {
  const { call } = open(twice)
  const large = '€'.repeat(limits.payloadBytes / 3 + 1)
  expect(await call(large)).toMatchObject({ ok: false, error: { code: 'PAYLOAD_TOO_LARGE' } })
})

test('the limit counts the user, and is told to the asking socket before the acknowledgement', async () => {
  const rateLimit = vi.fn(async () => rateLimitState(5, 5, 1_000))
  const { listen, emitted } = open(twice, { rateLimit })
  await listen(1, () => emitted.push(['acknowledged']))
  expect(rateLimit).toHaveBeenCalledWith('chat-read', ada.id)
  expect(emitted).toEqual([['rateLimitWarning', { remaining: 0 }], ['acknowledged']])
})

test('while the server stops, what runs is waited for and what comes is UNAVAILABLE', async () => {
  let finish = (_: number) => {}
  const { call, inFlight } = open(
    () =>
      new Promise<number>((resolve) => {
        finish = resolve
      }),
  )
  const running = call(1)
  await new Promise(setImmediate)
  const drained = vi.fn()
  const draining = inFlight.drain().then(drained)
  expect(await call(1)).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE', retryable: true } })
  expect(drained).not.toHaveBeenCalled()
  finish(7)
  expect(await running).toEqual({ ok: true, data: 7 })
  await draining
})

test('a command begins when it has a place, and gives it back; one that waited too long for it is OVERLOADED', async () => {
  const left = vi.fn()
  const enter = vi.fn<() => Promise<boolean> | undefined>()
  const handle = vi.fn(twice)
  const { call } = open(handle, { places: { enter, leave: left } })
  expect(await call(1)).toEqual({ ok: true, data: 2 })
  enter.mockResolvedValueOnce(true)
  expect(await call(2)).toEqual({ ok: true, data: 4 })
  enter.mockResolvedValueOnce(false)
  expect(await call(3)).toMatchObject({ ok: false, error: { code: 'OVERLOADED' } })
  expect(handle).toHaveBeenCalledTimes(2)
  expect(left).toHaveBeenCalledTimes(3)
})

test('what cannot be acknowledged does not keep the server from stopping', async () => {
  const { listen, inFlight } = open(twice)
  await expect(
    listen(1, () => {
      throw new Error('The answer cannot be written.')
    }),
  ).rejects.toThrow('cannot be written')
  await inFlight.drain()
})

test('what only a socket does stands around the handler and knows whether something was made', async () => {
  const steps: unknown[] = []
  const { call, socket } = open({
    async handle({ user, actor, created }, n = 1) {
      steps.push(['handle', user.id, actor.address])
      if (n > 10) created()
      return n * 2
    },
    async onSocket(context, n, handle) {
      steps.push(['before', context.socket === socket, n])
      const data = await handle()
      steps.push(['after', context.wasCreated()])
      return data + 1
    },
  })
  expect(await call(11)).toEqual({ ok: true, data: 23 })
  expect(await call(1)).toEqual({ ok: true, data: 3 })
  expect(steps).toEqual([
    ['before', true, 11],
    ['handle', 'ada', '192.0.2.7'],
    ['after', true],
    ['before', true, 1],
    ['handle', 'ada', '192.0.2.7'],
    ['after', false],
  ])
})

test('a command of sockets alone gets its socket', async () => {
  const { call } = open({
    async socketOnly({ socket, user }, n) {
      if (user !== socket.data.user) throw new AppError('FORBIDDEN')
      return n ?? 0
    },
  })
  expect(await call(5)).toEqual({ ok: true, data: 5 })
})

/** A look-up of Ada's that waits for its turn until `goOn` is called; `looked` says whether it came to it. */
async function waiting() {
  const looked = vi.fn()
  const turns = new Turns({ atOnce: 1, mostWaiting: 10, maxWaitMs: 60_000 })
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  void turns.run(ada.id, () => held)
  const lookedUp = async () => {
    looked()
    return 1
  }
  const opened = open(lookedUp, { turns, timeout: new Timeout(60_000) }, lookUp)
  const reply = opened.call(1)
  await new Promise(setImmediate)
  expect(looked).not.toHaveBeenCalled()
  return { ...opened, reply, goOn: () => goOn(), looked }
}

test('what waited for its turn when the server began to stop is carried out', async () => {
  const { inFlight, reply, goOn } = await waiting()
  const draining = inFlight.drain()
  goOn()
  expect(await reply).toEqual({ ok: true, data: 1 })
  await draining
})

test.each<[what: string, change: Partial<FakeSocket>, code: string]>([
  ['left', { connected: false }, 'UNAUTHENTICATED'],
  ['may not any more', { data: { ...fromHome, user: { ...ada, permissions: [] } } }, 'FORBIDDEN'],
])('nothing is read for who %s while they waited for their turn', async (_, change, code) => {
  const { socket, reply, goOn, looked } = await waiting()
  Object.assign(socket, change)
  goOn()
  expect(await reply).toMatchObject({ ok: false, error: { code } })
  expect(looked).not.toHaveBeenCalled()
})

test('hundreds of commands of one socket may be under way', async () => {
  const ends: (() => void)[] = []
  const { call } = open(() => new Promise<number>((resolve) => void ends.push(() => resolve(1))))
  const replies = Array.from({ length: 500 }, () => call(1))
  await vi.waitFor(() => expect(ends).toHaveLength(500))
  for (const end of ends) end()
  for (const reply of await Promise.all(replies)) expect(reply).toEqual({ ok: true, data: 1 })
})
