import { beforeEach, expect, test } from 'vitest'
import { PushDelivery, type PushOutcome } from '@/services/push/PushDelivery'
import type { PushQueue, PushSender, TakeOptions, WaitingPush } from '@/services/push/ports'

/** What waits, by its browser's endpoint. */
let waiting: string[]
let outcomes: PushOutcome[]
/** What became of each, in the order in which it did. */
let fates: string[]
let retries: number[]
/** What is spread with each look, and what each look asked for. */
let spreads: ('none' | 'some' | 'more')[]
let looks: TakeOptions[]
let said: unknown[]
let failures: number
let nextInMs: number | null
let answer: (endpoint: string, signal: AbortSignal) => ReturnType<PushSender['send']>

beforeEach(() => {
  ;[waiting, outcomes, fates, retries, nextInMs] = [[], [], [], [], null]
  ;[spreads, looks, said, failures] = [[], [], [], 2]
  answer = async () => ({ status: 201, retryAfterMs: undefined })
})

const pushTo = (endpoint: string): WaitingPush => ({
  subscription: { id: endpoint, server: 'push.example.com', endpoint, keys: { p256dh: '', auth: '' }, failures },
  ...{ tag: 'notification:n', news: 1, newestMs: 6_000, oldestMs: 6_000, room: null },
  ...{ told: 0, toldMs: Number.POSITIVE_INFINITY, notificationIds: ['n'] },
  notifications: [{ id: 'n', title: 'Title', message: 'Text', type: 'info', link: null, topic: null, picture: null }],
  person: {
    ...{ id: endpoint, lastSeen: '2026-06-01T10:00:00.000Z', permissions: ['notifications:read'] },
    chosen: { kinds: {}, topics: {}, quietHours: {} },
  },
})

const note =
  (fate: string) =>
  async ({ subscription }: WaitingPush) =>
    void fates.push(`${fate} ${subscription.endpoint}`)

const queue: PushQueue = {
  spread: async () => spreads.shift() ?? 'none',
  async take(options) {
    looks.push(options)
    return waiting.splice(0, options.most).map(pushTo)
  },
  ...{ done: note('done'), sent: note('sent'), postpone: note('postponed'), gone: note('gone') },
  async failed(push, { retryMs, giveUpMs }) {
    retries.push(retryMs)
    await note('failed')(push)
    return giveUpMs > 3_600_000 ? 1 : 0
  },
  nextInMs: async () => nextInMs,
}

interface Surroundings {
  signal?: AbortSignal
  inFront?: boolean | undefined
  spread?: PushQueue['spread']
}

const deliver = ({ signal = new AbortController().signal, spread = queue.spread, ...over }: Surroundings = {}) =>
  new PushDelivery({
    queue: { ...queue, spread },
    sender: { send: ({ endpoint }, limit) => answer(endpoint, limit) },
    inFront: async (people) => new Map(people.map(({ id }) => [id, 'inFront' in over ? over.inFront : false])),
    delayMs: 0,
    onAttempt: (outcome) => outcomes.push(outcome),
    logger: { warn: (message, details) => void said.push([message, details]) },
    random: () => 1,
    attemptMs: 50,
  }).deliver(signal)

test('each answer of a push service decides what becomes of it', async () => {
  waiting = ['200', '404', '410', '400', '413', '429', '503', '401', '403']
  answer = async (endpoint) => ({ status: Number(endpoint), retryAfterMs: endpoint === '429' ? 90_000 : undefined })
  expect(await deliver()).toBeNull()
  expect(fates.sort()).toEqual([
    'done 400',
    'done 413',
    'failed 401',
    'failed 403',
    'failed 429',
    'failed 503',
    'gone 404',
    'gone 410',
    'sent 200',
  ])
  expect(outcomes.sort()).toEqual([
    'failed',
    'failed',
    'failed',
    'failed',
    'gone',
    'gone',
    'refused',
    'refused',
    'sent',
  ])
  // As long as it asks for; else longer each time.
  expect(retries.sort()).toEqual([20_000, 20_000, 20_000, 90_000])
})

test('a push service may ask for a quarter of an hour at most', async () => {
  waiting = ['one']
  answer = async () => ({ status: 429, retryAfterMs: 86_400_000 })
  await deliver()
  expect(retries).toEqual([900_000])
})

const nothing = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason))
  })

test('one that does not answer holds up no other, however many wait', async () => {
  waiting = ['silent', ...Array.from({ length: 200 }, (_, n) => `b${n}`)]
  answer = (endpoint, signal) =>
    endpoint === 'silent' ? nothing(signal) : Promise.resolve({ status: 201, retryAfterMs: undefined })
  await deliver()
  expect(fates).toHaveLength(201)
  expect(fates.at(-1)).toBe('failed silent')
})

test('who has a page in front, or may have, is sent nothing for now', async () => {
  waiting = ['one']
  await deliver({ inFront: true })
  waiting = ['two']
  nextInMs = 10_000
  // Something sooner may come: it looks again in five seconds.
  expect(await deliver({ inFront: undefined })).toBe(5_000)
  expect([fates, outcomes]).toEqual([['postponed one', 'postponed two'], []])
})

test('a process that stops leaves what is under way to the next', async () => {
  waiting = ['one']
  const stopping = new AbortController()
  answer = (_, signal) => {
    stopping.abort(new Error('It stops.'))
    return nothing(signal)
  }
  await deliver({ signal: stopping.signal })
  expect([fates, outcomes]).toEqual([['postponed one'], []])
})

test('what the database refuses ends the job, after all that is under way', async () => {
  waiting = ['one', 'two']
  const failing = {
    ...queue,
    sent: async (push: WaitingPush) =>
      push.person.id === 'one' ? Promise.reject(new Error('away')) : note('sent')(push),
  }
  const delivery = new PushDelivery({
    ...{ queue: failing, sender: { send: ({ endpoint }, limit) => answer(endpoint, limit) }, delayMs: 0 },
    inFront: async (people) => new Map(people.map(({ id }) => [id, false])),
    ...{ onAttempt: () => {}, logger: { warn: () => {} } },
  })
  await expect(delivery.deliver(new AbortController().signal)).rejects.toThrow('away')
  expect(fates).toEqual(['sent two'])
})

test('what happened is spread a part at a time, and what is due is sent in between', async () => {
  spreads = ['more', 'more', 'some']
  waiting = ['one']
  // What is noted at this very moment was announced to nobody: somebody looks once more.
  expect(await deliver()).toBe(5_000)
  expect(looks.length).toBeGreaterThan(2)
  expect(fates).toEqual(['sent one'])
})

test('each look says what is under way, so that no browser has two at a time and no push service all places', async () => {
  waiting = ['silent']
  answer = (_, signal) => nothing(signal)
  await deliver()
  expect(looks[0]).toMatchObject({ most: 32, mostOfServer: 8, underWay: [] })
  expect(looks[1]).toMatchObject({ most: 31, underWay: [{ subscription: { id: 'silent' } }] })
})

test('one that hears of no end holds its place no longer than any other; why it failed is said once', async () => {
  ;[waiting, failures] = [['deaf'], 0]
  answer = () => new Promise(() => {})
  await deliver()
  expect(fates).toEqual(['failed deaf'])
  expect(said).toMatchObject([['a push service did not answer', { server: 'push.example.com' }]])
  ;[waiting, failures, said] = [['deaf'], 1, []]
  await deliver()
  expect(said).toEqual([])
})

test('a job that fails ends after what is under way, so that the next is alone', async () => {
  let sent = 0
  let finish = () => {}
  answer = () =>
    new Promise((resolve) => {
      finish = () => {
        sent += 1
        resolve({ status: 201, retryAfterMs: undefined })
      }
    })
  const spread = async () => {
    if (looks.length === 0) return 'more' as const
    setImmediate(() => finish()) // after whoever does not wait for it has gone
    throw new Error('away')
  }
  waiting = ['one']
  await expect(deliver({ spread })).rejects.toThrow('away')
  expect(sent).toBe(1)
})
