import { beforeEach, expect, test, vi } from 'vitest'
import { HealthStore, type HealthStoreDeps } from '@/client/health/HealthStore'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { NoAnswer } from '@/client/runtime/errors'
import { EventInbox } from '@/client/transport/EventInbox'
import type { MetricsSnapshot } from '@/contracts/admin'
import { adminContract } from '@/contracts/all'
import { AppError } from '@/contracts/errors'
import { instance, point, wellMetrics } from '../../components/health/samples'
import { settled, TestClock } from '../support/TestClock'
import { playedTransport } from '../support/testRuntime'

type AdminLink = HealthStoreDeps['link']

/** The connection as a test plays it: what the server answers, and when it is there. */
class PlayedLink implements AdminLink {
  connected = false
  problem: unknown
  readonly changed = new EventEmitter()
  readonly connectedNow = new EventEmitter()
  readonly asked: string[] = []
  answer: (command: string) => Promise<unknown> = () => Promise.reject(new NoAnswer('timeout'))
  readonly start = vi.fn()
  readonly stop = vi.fn()
  readonly inbox = new EventInbox(adminContract.events, (event) => {
    throw new Error(`Unexpected form of ${event}`)
  })
  readonly on: AdminLink['on'] = (event, listener) => this.inbox.on(event, listener)

  readonly transport = playedTransport(({ name }) => {
    if (name === 'systemMetrics') return overHttp()
    this.asked.push(name)
    return this.answer(name)
  })

  connect() {
    this.connected = true
    this.problem = undefined
    this.changed.emit()
    this.connectedNow.emit()
  }

  lose(problem?: unknown) {
    this.connected = false
    this.problem = problem
    this.changed.emit()
  }
}

const snapshot = (seconds: number, history = [point(seconds)]): MetricsSnapshot => ({
  at: point(seconds).at,
  instance: 'a',
  totals: wellMetrics(),
  instances: [instance('a')],
  history,
})

let link: PlayedLink
let clock: TestClock
let store: HealthStore
let overHttp: () => Promise<MetricsSnapshot>

beforeEach(() => {
  link = new PlayedLink()
  clock = new TestClock()
  store = new HealthStore({ link, transport: link.transport, clock, createId: () => 'canary-1' })
  overHttp = () => Promise.reject(new AppError('UNAVAILABLE'))
  link.answer = async () => snapshot(0)
})

const goLive = async () => {
  store.start()
  link.connect()
  await settled()
}
const times = () => store.view.getSnapshot().history.map(({ at }) => at)

test('it connects only once it is started, and leaves when it is stopped', async () => {
  expect(link.start).not.toHaveBeenCalled()
  await goLive()
  expect(link.start).toHaveBeenCalledOnce()
  store.stop()
  expect(link.stop).toHaveBeenCalledOnce()
})

test('it is connecting until the first figures come, then live', async () => {
  store.start()
  expect(store.view.getSnapshot().state).toBe('connecting')
  link.connect()
  expect(store.view.getSnapshot().state).toBe('connecting')
  await settled()
  expect(store.view.getSnapshot()).toMatchObject({
    state: 'live',
    receivedAt: clock.now(),
    snapshot: { instance: 'a' },
  })
})

test('updates add to the history, and every listener hears of each once', async () => {
  await goLive()
  const heard = vi.fn()
  store.view.subscribe(heard)
  link.inbox.deliver('metrics:update', snapshot(5))
  link.inbox.deliver('metrics:update', snapshot(10))
  expect(times()).toEqual([point(0).at, point(5).at, point(10).at])
  expect(heard).toHaveBeenCalledTimes(2)
})

test('a lost connection keeps the last figures and says so, and the next one asks anew', async () => {
  await goLive()
  link.lose(new Error('gone'))
  expect(store.view.getSnapshot()).toMatchObject({ state: 'reconnecting', snapshot: { at: point(0).at } })
  expect(store.view.getSnapshot().problem).toBe('The live connection cannot be reached. Trying again.')

  link.answer = async () => snapshot(30)
  link.connect()
  expect(store.view.getSnapshot().state).toBe('reconnecting')
  await settled()
  expect(store.view.getSnapshot()).toMatchObject({ state: 'live', problem: undefined })
  expect(times()).toEqual([point(0).at, point(30).at])
  expect(link.asked).toEqual(['metrics:request', 'metrics:request'])
})

test('figures that stay out for 15 s are late, are asked for again, and are live once they come', async () => {
  await goLive()
  link.answer = () => new Promise(() => {})
  await clock.pass(14_999)
  expect(store.view.getSnapshot().state).toBe('live')
  await clock.pass(1)
  expect(store.view.getSnapshot().state).toBe('late')
  expect(link.asked).toHaveLength(2)
  link.inbox.deliver('metrics:update', snapshot(20))
  expect(store.view.getSnapshot().state).toBe('live')
})

test('a request that fails is made again while connected', async () => {
  link.answer = () => Promise.reject(new NoAnswer('timeout'))
  await goLive()
  expect(store.view.getSnapshot().state).toBe('connecting')
  link.answer = async () => snapshot(0)
  await clock.pass(2_000)
  expect(store.view.getSnapshot().state).toBe('live')
})

test.each(['FORBIDDEN', 'NOT_FOUND', 'UNAUTHENTICATED'] as const)('a handshake refused with %s is refused', (code) => {
  store.start()
  link.lose(new AppError(code))
  expect(store.view.getSnapshot()).toMatchObject({ state: 'refused', problem: new AppError(code).message })
})

test('without a live connection the figures come over HTTP every 10 s, and it says so, until they are live', async () => {
  const reads: number[] = []
  overHttp = async () => {
    reads.push(clock.now())
    return snapshot(reads.length)
  }
  store.start()
  const from = clock.now()
  link.lose(new AppError('NOT_FOUND', { message: 'Nothing is served here.' }))
  await clock.pass(2_999)
  expect(store.view.getSnapshot().state).toBe('refused')
  await clock.pass(1)
  expect(store.view.getSnapshot()).toMatchObject({
    state: 'polling',
    problem: 'Nothing is served here.',
    snapshot: { instance: 'a' },
  })
  await clock.pass(10_000)
  expect(reads.map((at) => at - from)).toEqual([3_000, 13_000])
  expect(times()).toEqual([point(1).at, point(2).at])

  link.connect()
  await settled()
  expect(store.view.getSnapshot()).toMatchObject({ state: 'live', problem: undefined })
  await clock.pass(14_000)
  expect(reads).toHaveLength(2)
})

test('a reload passes without a question over HTTP; figures that stay out there too are old ones', async () => {
  const read = vi.fn(async () => snapshot(7))
  overHttp = read
  await goLive()
  link.lose(new Error('gone'))
  await clock.pass(2_000)
  link.connect()
  await settled()
  expect(store.view.getSnapshot().state).toBe('live')
  await clock.pass(5_000)
  expect(read).not.toHaveBeenCalled()

  link.lose(new Error('gone'))
  await clock.pass(3_000)
  expect(store.view.getSnapshot().state).toBe('polling')
  overHttp = () => Promise.reject(new AppError('UNAVAILABLE'))
  await clock.pass(10_000)
  expect(store.view.getSnapshot()).toMatchObject({ state: 'reconnecting', snapshot: { at: point(7).at } })
  overHttp = read
  await clock.pass(10_000)
  expect(store.view.getSnapshot().state).toBe('polling')
})

test('an answer over HTTP that comes after the page went live, or was left, changes nothing', async () => {
  let answer: (late: MetricsSnapshot) => void = () => {}
  overHttp = () => new Promise((resolve) => (answer = resolve))
  store.start()
  await clock.pass(3_000)
  link.connect()
  await settled()
  answer(snapshot(99))
  await settled()
  expect(store.view.getSnapshot()).toMatchObject({ state: 'live', snapshot: { at: point(0).at } })
})

test('a server that is merely away is not a refusal', () => {
  store.start()
  link.lose(new AppError('UNAVAILABLE'))
  expect(store.view.getSnapshot().state).toBe('connecting')
})

test('a probe measures the round trip by the clock', async () => {
  await goLive()
  link.answer = async () => {
    await clock.pass(12)
    return { at: point(0).at, instance: 'b' }
  }
  await expect(store.actions.probe()).resolves.toEqual({ roundTripMs: 12, instance: 'b' })
})

test('the canary is received when its own event comes, also before the report', async () => {
  await goLive()
  const report = { acceptedMs: 1, committedMs: 4, publishedMs: 5 }
  link.answer = async () => {
    link.inbox.deliver('diagnostics:canary', { id: 'somebody-else' })
    await clock.pass(6)
    link.inbox.deliver('diagnostics:canary', { id: 'canary-1' })
    await clock.pass(3)
    return report
  }
  const heard = vi.fn()
  await expect(store.actions.canary(heard)).resolves.toEqual({ ...report, receivedMs: 6 })
  expect(heard).toHaveBeenCalledExactlyOnceWith(report)
})

test('a canary that is published and never received fails, after its report', async () => {
  await goLive()
  const report = { acceptedMs: 1, committedMs: 4, publishedMs: 5 }
  link.answer = async () => report
  const heard = vi.fn()
  const outcome = expect(store.actions.canary(heard)).rejects.toThrow(NoAnswer)
  await clock.pass(10_000)
  await outcome
  expect(heard).toHaveBeenCalledWith(report)
})

test('a refused command rejects at once', async () => {
  await goLive()
  link.answer = () => Promise.reject(new AppError('FORBIDDEN'))
  await expect(store.actions.echo('hello')).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
