import 'fake-indexeddb/auto'
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb'
import { openDB, unwrap } from 'idb'
import { beforeEach, expect, test } from 'vitest'
import { addressOf } from '@/client/outbox/address'
import { type OutboxDatabase, type OutboxEntry, openOutboxDatabase } from '@/client/outbox/database'
import { Outbox, type OutboxDeps } from '@/client/outbox/Outbox'
import { NEWER_WARNING, STORAGE_WARNING } from '@/client/outbox/OutboxStorage'
import { noChannel, type OutboxNews, type TabChannel } from '@/client/outbox/tabChannel'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { waitFor } from '../../../support/waitFor'
import { settled, TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

/** A server that answers when the test says so. */
class Server {
  readonly attempts: { clientId: string; accept(): void; reject(error: Error): void }[] = []
  readonly table: ChatMessage[] = []
  /** Answers every attempt by itself. */
  answers: ((entry: OutboxEntry) => Error | undefined) | undefined

  readonly send = (entry: OutboxEntry): Promise<ChatMessage> =>
    new Promise((resolve, reject) => {
      const accept = () => resolve(this.store(entry))
      this.attempts.push({ clientId: entry.clientId, accept, reject })
      if (this.answers === undefined) return
      const error = this.answers(entry)
      if (error === undefined) accept()
      else reject(error)
    })

  attempt(index: number) {
    const attempt = this.attempts.at(index)
    if (attempt === undefined) throw new Error('There was no such attempt.')
    return attempt
  }

  get tried(): string[] {
    return this.attempts.map(({ clientId }) => clientId)
  }

  store({ clientId, roomId, senderId, message, createdAt }: OutboxEntry): ChatMessage {
    const known = this.table.find((row) => row.clientId === clientId)
    if (known !== undefined) return known
    const seq = this.table.length + 1
    const row = { id: `m${seq}`, roomId, seq, rev: seq, senderId, clientId, message, createdAt }
    this.table.push(row)
    return row
  }
}

const entry = (clientId: string, roomId = 'r1', senderId = 'me'): OutboxEntry => ({
  clientId,
  roomId,
  senderId,
  message: `text of ${clientId}`,
  createdAt: '2026-01-01T00:00:00.000Z',
})

const openQueue = (server: Server, clock: TestClock, deps: Partial<OutboxDeps> = {}) => {
  let made = 0
  const runtime = testRuntime({ clock })
  const queue = new Outbox(runtime, {
    userId: 'me',
    tabId: 'tab',
    locks: undefined,
    channel: noChannel,
    isCutOff: () => false,
    send: server.send,
    findRoom: () => Promise.reject(new Error('Nobody is written to for the first time here.')),
    createClientId: () => {
      made += 1
      return `made${made}`
    },
    ...deps,
  })
  queue.start()
  return Object.assign(queue, { hurry: () => runtime.wake.emit(), stop: runtime.stop })
}

const states = (queue: Outbox, roomId = 'r1') =>
  queue.outgoing(roomId).map(({ clientId, state }) => `${clientId} ${state}`)

/** Channels of several tabs of one browser. */
const tabs = () => {
  const all = new Set<EventEmitter<[OutboxNews]>>()
  return (): TabChannel => {
    const own = new EventEmitter<[OutboxNews]>()
    all.add(own)
    return {
      post: (news) => {
        for (const other of all) if (other !== own) setImmediate(() => other.emit(news))
      },
      on: (listener) => void own.on(listener),
      close() {},
    }
  }
}

/** Takes the database away as soon as something is written, as a browser does that clears the site's data. */
const loseAtFirstWrite = (database: OutboxDatabase): void => {
  const raw = unwrap(database)
  const begin = raw.transaction.bind(raw)
  raw.transaction = (stores, mode, options) => {
    const transaction = begin(stores, mode, options)
    if (mode !== 'readwrite') return transaction
    raw.transaction = begin
    // The types mistake the class for its instances.
    const close = () => forceCloseDatabase(raw as unknown as Parameters<typeof forceCloseDatabase>[0])
    transaction.addEventListener('abort', close)
    queueMicrotask(() => transaction.abort())
    return transaction
  }
}

test('a message is shown at once, stored before its first attempt, and gone after its acknowledgement', async () => {
  const server = new Server()
  const clock = new TestClock()
  const queue = openQueue(server, clock)
  await settled()

  queue.add(entry('a'))
  expect(states(queue)).toEqual(['a sending'])
  expect(server.tried).toEqual([])
  await settled()
  expect(server.tried).toEqual(['a'])
  queue.stop()
  const nextVisit = openQueue(new Server(), clock)
  await settled()
  expect(states(nextVisit)).toEqual(['a sending'])
  nextVisit.stop()
})

test('the newest that waits in each room is known, until it is acknowledged', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  for (const clientId of ['a', 'b']) queue.add(entry(clientId))
  queue.add(entry('other', 'r2'))
  const newest = () => [...queue.newest()].map(([roomId, { clientId, state }]) => `${roomId} ${clientId} ${state}`)
  expect(newest()).toEqual(['r1 b sending', 'r2 other sending'])

  server.answers = ({ clientId }) => (clientId === 'other' ? new AppError('FORBIDDEN') : undefined)
  await settled()
  for (const attempt of server.attempts) {
    if (attempt.clientId === 'other') attempt.reject(new AppError('FORBIDDEN'))
    else attempt.accept()
  }
  await settled()
  expect(newest()).toEqual(['r2 other failed'])
})

test('what is written to a person goes to their room once it is made, in order and with what follows there', async () => {
  const server = new Server()
  server.answers = () => undefined
  const clock = new TestClock()
  const made: string[] = []
  let isReachable = false
  const findRoom = async (personId: string) => {
    if (!isReachable) throw new Error('offline')
    made.push(personId)
    return { room: { id: 'r1' }, messages: [], participants: [] } as unknown as RoomData // of which only the id is read
  }
  const queue = openQueue(server, clock, { findRoom })
  for (const clientId of ['a', 'b']) queue.add(entry(clientId, addressOf('grace')))
  await settled()
  expect(states(queue, addressOf('grace'))).toEqual(['a queued', 'b queued'])
  queue.stop()

  // At the next visit, once the server is there.
  isReachable = true
  const again = openQueue(server, clock, { findRoom })
  const found: string[] = []
  again.roomFound.on(({ room }) => {
    found.push(room.id)
    again.add(entry('c', 'r1'))
  })
  await settled()
  expect(server.table.map(({ clientId, roomId }) => `${clientId} ${roomId}`)).toEqual(['a r1', 'b r1', 'c r1'])
  expect([made, found]).toEqual([['grace'], ['r1']])
})

test('of one room one message is under way at a time, in the order typed; other rooms do not wait for it', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  for (const clientId of ['a', 'b', 'c']) queue.add(entry(clientId))
  queue.add(entry('other', 'r2'))
  await settled()
  expect(server.tried).toEqual(['a', 'other'])

  server.attempt(0).accept()
  await settled()
  server.attempt(-1).accept()
  await settled()

  expect(server.tried).toEqual(['a', 'other', 'b', 'c'])
  expect(queue.waiting).toBe(2)
})

test('without an answer it is tried again, for ever, and nothing overtakes it', async () => {
  const server = new Server()
  const clock = new TestClock()
  const queue = openQueue(server, clock)
  server.answers = () => new Error('no network')
  queue.add(entry('a'))
  queue.add(entry('b'))
  await clock.pass(300_000)
  expect(new Set(server.tried)).toEqual(new Set(['a']))
  expect(server.tried.length).toBeGreaterThan(15)
  expect(states(queue)).toEqual(['a queued', 'b queued'])

  server.answers = () => undefined
  queue.hurry()
  await settled()

  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a', 'b'])
  expect(queue.waiting).toBe(0)
})

test('too many at once waits as long as the server says', async () => {
  const server = new Server()
  const clock = new TestClock()
  const queue = openQueue(server, clock)
  queue.add(entry('a'))
  await settled()

  server.attempt(0).reject(new AppError('RATE_LIMITED', { retryAfterMs: 40_000 }))
  await clock.pass(39_999)
  expect(server.tried).toEqual(['a'])

  await clock.pass(1)
  expect(server.tried).toEqual(['a', 'a'])
})

test('a final refusal is shown and does not hold up the next message', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  server.answers = ({ clientId }) => (clientId === 'a' ? new AppError('FORBIDDEN') : undefined)
  queue.add(entry('a'))
  queue.add(entry('b'))
  await settled()

  expect(states(queue)).toEqual(['a failed', 'b sending'])
  expect(queue.outgoing('r1')[0]?.error).toMatchObject({ code: 'FORBIDDEN' })
  expect(queue.waiting).toBe(0)
  expect(server.table.map(({ clientId }) => clientId)).toEqual(['b'])
})

test('a failed message can be sent again or forgotten', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  server.answers = () => new AppError('NOT_FOUND')
  queue.add(entry('a'))
  queue.add(entry('b'))
  await settled()
  server.answers = () => undefined

  queue.discard('b')
  queue.retry('a')
  await settled()

  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a'])
  queue.stop()
  const nextVisit = openQueue(new Server(), new TestClock())
  await settled()
  expect(states(nextVisit)).toEqual([])
})

test('a message whose id belongs to another one is sent again under a new id', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  server.answers = ({ clientId }) => (clientId === 'a' ? new AppError('CONFLICT') : undefined)
  queue.add(entry('a'))
  await settled()

  queue.retry('a')
  await settled()

  expect(server.table).toMatchObject([{ clientId: 'made1', message: 'text of a' }])
  expect(queue.waiting).toBe(0)
})

test('a message that is heard before its acknowledgement is acknowledged by that, once', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  const acknowledged: string[] = []
  queue.acknowledged.on(({ clientId }) => acknowledged.push(clientId))
  queue.add(entry('a'))
  queue.add(entry('b'))
  await settled()

  queue.settle(server.store(entry('a')))
  await settled()
  expect(server.tried).toEqual(['a', 'b'])
  server.attempt(0).accept()
  await settled()

  expect(acknowledged).toEqual(['a'])
  expect(states(queue)).toEqual(['a sending', 'b sending'])
  queue.release(() => true)
  expect(states(queue)).toEqual(['b sending'])
})

test('somebody else’s message with the same id acknowledges nothing', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  queue.add(entry('a'))

  expect(queue.settle(server.store(entry('a', 'r1', 'ada')))).toBe(false)

  expect(queue.waiting).toBe(1)
})

test('what was left at the last visit goes out first, and as the person who typed it', async () => {
  const clock = new TestClock()
  const lastVisit = openQueue(new Server(), clock)
  lastVisit.add(entry('a'))
  lastVisit.add(entry('b'))
  await settled()
  lastVisit.stop()
  const server = new Server()
  server.answers = () => undefined

  const stranger = openQueue(server, clock, { userId: 'somebody else' })
  await clock.pass(60_000)
  expect(server.tried).toEqual([])
  stranger.stop()

  const queue = openQueue(server, clock)
  queue.add(entry('c'))
  await clock.pass(60_000)
  expect(server.table.map(({ clientId, senderId }) => `${clientId} of ${senderId}`)).toEqual([
    'a of me',
    'b of me',
    'c of me',
  ])
})

test('while signed out what waits stays, untried', async () => {
  const server = new Server()
  const clock = new TestClock()
  const queue = openQueue(server, clock)
  server.answers = () => new AppError('SESSION_EXPIRED')
  await settled()
  queue.add(entry('a'))
  await clock.pass(120_000)

  expect(server.tried).toEqual(['a'])
  expect(queue.waiting).toBe(1)
})

test('of several tabs one sends at a time, and all see what became of it', async () => {
  const server = new Server()
  const clock = new TestClock()
  const openChannel = tabs()
  const first = openQueue(server, clock, { tabId: 'first', channel: openChannel() })
  const second = openQueue(server, clock, { tabId: 'second', channel: openChannel() })
  first.add(entry('a'))
  await settled()
  second.add(entry('b'))
  await clock.pass(1_000)

  expect(server.tried).toEqual(['a'])
  expect([first.waiting, second.waiting]).toEqual([2, 2])

  server.attempt(0).accept()
  await clock.pass(1_000)
  server.attempt(-1).accept()
  await clock.pass(1_000)

  expect(server.tried).toEqual(['a', 'b'])
  expect([first.waiting, second.waiting]).toEqual([0, 0])
  first.release(() => true)
  second.release(() => true)
  expect([states(first), states(second)]).toEqual([[], []])
})

test('a tab that dies while sending is replaced by another, which sends the same again first', async () => {
  const server = new Server()
  const clock = new TestClock()
  const openChannel = tabs()
  const dying = openQueue(server, clock, { tabId: 'dying', channel: openChannel() })
  const living = openQueue(server, clock, { tabId: 'living', channel: openChannel() })
  dying.add(entry('a'))
  dying.add(entry('b'))
  await settled()
  expect(server.tried).toEqual(['a'])
  server.store(entry('a')) // arrived, but its tab hears no more
  server.answers = () => undefined

  await clock.pass(60_000)

  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a', 'b'])
  expect(living.waiting).toBe(0)
})

test.each([
  ['refuses to keep anything', { openDatabase: () => Promise.reject(new Error('refused')) }],
  ['has no IndexedDB', {}],
])('where the browser %s, messages are sent all the same and the page says so', async (_what, refuses) => {
  // Only the second opens the browser's own.
  Reflect.deleteProperty(globalThis, 'indexedDB')
  const server = new Server()
  server.answers = () => undefined
  const queue = openQueue(server, new TestClock(), refuses)
  expect(queue.storageWarning).toBeUndefined()

  queue.add(entry('a'))
  queue.add(entry('b'))
  await settled()

  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a', 'b'])
  expect(queue.storageWarning).toBe(STORAGE_WARNING)
})

test('what a newer version of the page keeps is left alone, and the page says so', async () => {
  const newer = await openDB('tandem-outbox-me', 99, {
    upgrade: (database) => void database.createObjectStore('later'),
  })
  newer.close()
  const server = new Server()
  server.answers = () => undefined
  const queue = openQueue(server, new TestClock())
  queue.add(entry('a'))
  await waitFor(() => server.table.length === 1)
  expect(queue.storageWarning).toBe(NEWER_WARNING)
  const kept = await openDB('tandem-outbox-me')
  expect([kept.version, [...kept.objectStoreNames]]).toEqual([99, ['later']])
  kept.close()
})

test('a browser that never answers about its storage does not hold a message up for long', async () => {
  const server = new Server()
  server.answers = () => undefined
  const clock = new TestClock()
  const queue = openQueue(server, clock, { openDatabase: () => new Promise(() => {}) })

  queue.add(entry('a'))
  await clock.pass(10_000)

  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a'])
  expect(queue.waiting).toBe(0)
})

test('a message whose storage the browser takes away while it is written is sent all the same', async () => {
  const server = new Server()
  const openChannel = tabs()
  const otherTab = openChannel()
  let opened = 0
  const queue = openQueue(server, new TestClock(), {
    channel: openChannel(),
    openDatabase: async (...args) => {
      const database = await openOutboxDatabase(...args)
      opened += 1
      loseAtFirstWrite(database)
      return database
    },
  })
  await settled()

  queue.add(entry('a'))
  await settled()
  otherTab.post('changed')
  await settled()

  expect(server.tried).toEqual(['a'])
  expect(states(queue)).toEqual(['a sending'])
  expect(queue.storageWarning).toBe(STORAGE_WARNING)
  expect(opened).toBe(1)
  server.attempt(0).accept()
  await settled()
  expect(queue.waiting).toBe(0)
})

const limited = (retryAfterMs: number) => new AppError('RATE_LIMITED', { retryAfterMs })

test('a message that a limit refuses waits as long as it says, and goes out by itself, in order', async () => {
  const server = new Server()
  const clock = new TestClock()
  const queue = openQueue(server, clock)
  let refusals = 0
  server.answers = () => {
    refusals += 1
    return refusals <= 6 ? limited(20_000) : undefined // more often than attempts that fail are shown as given up
  }
  for (const clientId of ['a', 'b', 'c']) queue.add(entry(clientId))
  await settled()
  for (let window = 1; window <= 6; window += 1) {
    expect(server.tried).toEqual(Array(window).fill('a'))
    expect(states(queue)).toEqual(['a queued', 'b queued', 'c queued'])
    // News of a connection that works again does not shorten it.
    queue.hurry()
    await clock.pass(19_999)
    expect(server.tried).toHaveLength(window)
    await clock.pass(1)
  }
  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a', 'b', 'c'])
  expect(queue.outgoing('r1').every(({ error }) => error === undefined)).toBe(true)
  queue.stop()
})

test('a limit counts the person: other rooms wait with the one that was refused', async () => {
  const server = new Server()
  const clock = new TestClock()
  const queue = openQueue(server, clock)
  server.answers = () => limited(20_000)
  queue.add(entry('a', 'r1'))
  await settled()
  queue.add(entry('b', 'r2'))
  await settled()
  expect(server.tried).toEqual(['a'])

  server.answers = () => undefined
  await clock.pass(20_000)
  expect(server.table.map(({ clientId }) => clientId).sort()).toEqual(['a', 'b'])
  queue.stop()
})

test('other tabs know of the limit, and try no sooner', async () => {
  const server = new Server()
  const clock = new TestClock()
  const tab = tabs()
  const [here, there] = [
    openQueue(server, clock, { channel: tab(), tabId: 'here' }),
    openQueue(server, clock, { channel: tab(), tabId: 'there' }),
  ]
  await settled()
  server.answers = () => limited(20_000)
  here.add(entry('a'))
  await settled()
  expect(there.limits.messages.view.getSnapshot().blockedUntil).toBe(
    here.limits.messages.view.getSnapshot().blockedUntil,
  )
  there.add(entry('b'))
  await settled()
  expect(server.tried).toEqual(['a'])

  server.answers = () => undefined
  await clock.pass(20_000)
  expect(server.table.map(({ clientId }) => clientId)).toEqual(['a', 'b'])
  expect(there.limits.messages.view.getSnapshot().blockedUntil).toBeUndefined()

  // Which tab sends is a matter of chance: a warning to one is a warning in all, and so is its end.
  server.answers = undefined
  here.add(entry('c'))
  await settled()
  const sender = server.attempts.length
  for (const tab of [here, there]) tab.warn(3)
  await settled()
  expect([here, there].map(({ limits }) => limits.messages.view.getSnapshot().remaining)).toEqual([3, 3])
  server.attempt(sender - 1).accept()
  here.add(entry('d'))
  await settled()
  server.attempt(-1).accept()
  await settled()
  expect([here, there].map(({ limits }) => limits.messages.view.getSnapshot().remaining)).toEqual([
    undefined,
    undefined,
  ])
  here.stop()
  there.stop()
})

test('a limit of finding rooms is waited for once by all who are written to for the first time, and by nobody else', async () => {
  const server = new Server()
  server.answers = () => undefined
  const clock = new TestClock()
  const looked: string[] = []
  let isLimited = true
  const queue = openQueue(server, clock, {
    findRoom: async (personId) => {
      looked.push(personId)
      if (isLimited) throw limited(20_000)
      return { room: { id: `room of ${personId}` }, messages: [], participants: [] } as unknown as RoomData // of which only the id is read
    },
  })
  queue.add(entry('a', addressOf('grace')))
  await settled()
  queue.add(entry('b', addressOf('linus')))
  queue.add(entry('c', 'r1'))
  queue.hurry()
  await clock.pass(19_999)
  expect(looked).toEqual(['grace'])
  expect(server.tried).toEqual(['c'])
  for (const [clientId, personId] of [
    ['a', 'grace'],
    ['b', 'linus'],
  ] as const)
    expect(states(queue, addressOf(personId))).toEqual([`${clientId} queued`])
  expect(queue.limits.rooms.view.getSnapshot().blockedUntil).toBe(clock.now() + 1)
  expect(queue.limits.messages.view.getSnapshot().blockedUntil).toBeUndefined()

  isLimited = false
  await clock.pass(1)
  expect(looked.toSorted()).toEqual(['grace', 'grace', 'linus'])
  expect(server.table.map(({ roomId }) => roomId).toSorted()).toEqual(['r1', 'room of grace', 'room of linus'])
  queue.stop()
})

test('changes have a limit of their own: messages of other rooms go out, those behind a change keep their place', async () => {
  const server = new Server()
  const clock = new TestClock()
  const tab = tabs()
  const [here, there] = [
    openQueue(server, clock, { channel: tab(), tabId: 'here' }),
    openQueue(server, clock, { channel: tab(), tabId: 'there', createClientId: () => 'of there' }),
  ]
  await settled()
  server.answers = ({ change }) => (change === undefined ? undefined : limited(20_000))
  here.change({ id: 'm', roomId: 'r1' }, { kind: 'react', emoji: '👍', on: true })
  here.add(entry('behind', 'r1'))
  await settled()
  there.add(entry('elsewhere', 'r2'))
  there.change({ id: 'n', roomId: 'r3' }, { kind: 'delete' })
  await clock.pass(19_999)
  expect(server.tried).toEqual(['made1', 'elsewhere'])
  expect(states(here)).toEqual(['behind queued'])
  for (const { limits } of [here, there]) {
    expect(limits.changes.view.getSnapshot().blockedUntil).toBe(clock.now() + 1)
    expect(limits.messages.view.getSnapshot().blockedUntil).toBeUndefined()
  }

  server.answers = () => undefined
  await clock.pass(1_000)
  expect(server.tried.filter((clientId) => clientId === 'behind' || clientId === 'made1')).toEqual([
    ...['made1', 'made1', 'behind'],
  ])
  expect([here.waiting, there.waiting]).toEqual([0, 0])
  here.stop()
  there.stop()
})

test('a warning while a change is under way is not taken for one of messages', async () => {
  const server = new Server()
  const queue = openQueue(server, new TestClock())
  const remaining = () => queue.limits.messages.view.getSnapshot().remaining
  queue.change({ id: 'm', roomId: 'r1' }, { kind: 'react', emoji: '👍', on: true })
  queue.add(entry('a', 'r2'))
  await settled()
  queue.warn(12)
  expect(remaining()).toBeUndefined()
  server.attempt(server.tried.indexOf('made1')).accept()
  await settled()
  queue.warn(3)
  expect(remaining()).toBe(3)
  queue.stop()
})
