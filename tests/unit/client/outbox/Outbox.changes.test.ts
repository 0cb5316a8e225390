import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { beforeEach, describe, expect, test } from 'vitest'
import { allEntries, type OutboxEntry, openOutboxDatabase } from '@/client/outbox/database'
import { followUp } from '@/client/outbox/entries'
import { Outbox, type OutboxDeps } from '@/client/outbox/Outbox'
import { noChannel, type OutboxNews, type TabChannel } from '@/client/outbox/tabChannel'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { NoAnswer } from '@/client/runtime/errors'
import type { ChatMessage } from '@/contracts/chat'
import { AppError, type ErrorCode } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

/** The server's table, with its rules: a client id stands for one text, and for one change. */
class Server {
  readonly table: ChatMessage[] = []
  readonly asked: string[] = []
  isReachable = true
  /** It carries out what it is asked, and its answers are lost. */
  losesAnswers = false
  /** It says no before it does anything. */
  refusesWith: ErrorCode | undefined
  private readonly done = new Set<string>()

  readonly send = async (entry: OutboxEntry): Promise<ChatMessage> => {
    if (!this.isReachable) throw new NoAnswer('disconnected')
    const { change, message } = entry
    this.asked.push(`${change?.kind ?? 'send'} ${message}`.trim())
    if (this.refusesWith !== undefined) throw new AppError(this.refusesWith)
    const answer =
      change === undefined || change.kind === 'react'
        ? this.store(entry)
        : this.change(entry.clientId, change.messageId, change.kind, message)
    if (this.losesAnswers) throw new NoAnswer('timeout')
    return { ...answer }
  }

  private store({ clientId, roomId, senderId, message, createdAt }: OutboxEntry): ChatMessage {
    const known = this.table.find((row) => row.clientId === clientId)
    if (known !== undefined && known.message !== message && known.editedAt === undefined) throw new AppError('CONFLICT')
    if (known !== undefined) return known
    const seq = this.table.length + 1
    const row = { id: `m${seq}`, roomId, seq, rev: seq, senderId, clientId, message, createdAt }
    this.table.push(row)
    return row
  }

  change(clientId: string, messageId: string, kind: 'edit' | 'delete', message: string): ChatMessage {
    const row = this.table.find(({ id }) => id === messageId)
    if (row === undefined || (row.deletedAt !== undefined && kind === 'edit')) throw new AppError('NOT_FOUND')
    if (this.done.has(clientId)) return row
    this.done.add(clientId)
    const now = '2026-01-02T00:00:00.000Z'
    Object.assign(row, kind === 'edit' ? { message, editedAt: now } : { message: '', deletedAt: now }, {
      rev: row.rev + 100,
    })
    return row
  }

  get texts(): string[] {
    return this.table.map(({ message }) => message)
  }
}

const open = (server: Server, clock = new TestClock(), deps: Partial<OutboxDeps> = {}) => {
  let made = 0
  const runtime = testRuntime({ clock })
  const outbox = new Outbox(runtime, {
    userId: 'me',
    tabId: 'tab',
    locks: undefined,
    channel: noChannel,
    isCutOff: () => false,
    send: server.send,
    findRoom: () => Promise.reject(new Error('All rooms are known here.')),
    createClientId: () => {
      made += 1
      return `made ${made}`
    },
    ...deps,
  })
  outbox.start()
  return { outbox, clock, stop: runtime.stop, wake: () => runtime.wake.emit() }
}

/** A server that answers when the test says so. */
const holding = () => {
  const tried: string[] = []
  let reject = (_error: Error) => {}
  const send = ({ message }: OutboxEntry): Promise<ChatMessage> => {
    tried.push(message)
    return new Promise((_resolve, no) => {
      reject = no
    })
  }
  return { tried, send, reject: (error: Error) => reject(error) }
}

const entry = (clientId: string, message: string): OutboxEntry => ({
  ...{ clientId, message, roomId: 'r', senderId: 'me' },
  createdAt: '2026-01-01T00:00:00.000Z',
})

const stored = async () => {
  const database = await openOutboxDatabase('me', () => {})
  const entries = await allEntries(database)
  database.close()
  return entries
}

const shown = (outbox: Outbox) => outbox.outgoing('r').map(({ message }) => message)

test('edits and deletions go out after what was written before them, in order and once, also after a visit ended', async () => {
  const server = new Server()
  server.isReachable = false
  server.table.push({ ...(await new Server().send(entry('old', 'helo'))) })
  const first = open(server)
  first.outbox.add(entry('new', 'something new'))
  first.outbox.change({ id: 'm1', roomId: 'r' }, { kind: 'edit', text: 'hello' })
  first.outbox.change({ id: 'm1', roomId: 'r' }, { kind: 'delete' })
  await settled()
  expect(first.outbox.changes('r')).toMatchObject([
    { messageId: 'm1', kind: 'edit', message: 'hello' },
    { messageId: 'm1', kind: 'delete' },
  ])
  expect(first.outbox.waiting).toBe(3)
  first.stop()

  server.isReachable = true
  const next = open(server)
  await settled()
  expect(server.asked).toEqual(['send something new', 'edit hello', 'delete'])
  expect(next.outbox.waiting).toBe(0)
  expect(await stored()).toEqual([])
})

test('a change that is acknowledged stays in sight until the conversation shows it', async () => {
  const server = new Server()
  const message = await server.send(entry('old', 'helo'))
  const { outbox } = open(server)
  const acknowledged: ChatMessage[] = []
  outbox.acknowledged.on((news) => void acknowledged.push(news))
  outbox.change(message, { kind: 'edit', text: 'hello' })
  await settled()
  expect(acknowledged).toMatchObject([{ id: 'm1', message: 'hello' }])
  expect(outbox.changes('r')).toHaveLength(1)
  outbox.release(() => true)
  expect(outbox.changes('r')).toEqual([])
})

test('a change that was refused is shown as failed, and forgotten when one likes', async () => {
  const { outbox } = open(new Server())
  outbox.change({ id: 'gone', roomId: 'r' }, { kind: 'edit', text: 'hello' })
  await settled()
  const [failed] = outbox.changes('r')
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'NOT_FOUND' } })
  outbox.discard(failed?.clientId ?? '')
  expect(outbox.changes('r')).toEqual([])
})

describe('a message that still waits', () => {
  test('is rewritten in the queue: the server sees the last text alone', async () => {
    const server = new Server()
    server.isReachable = false
    const { outbox, wake, clock } = open(server)
    outbox.add(entry('a', 'one'))
    outbox.add(entry('b', 'two'))
    await settled()
    outbox.rewrite('a', { text: 'one, better' })
    outbox.rewrite('a', { text: 'one, best' })
    expect(shown(outbox)).toEqual(['one, best', 'two'])
    await settled()
    expect((await stored()).map(({ message }) => message)).toEqual(['one, best', 'two'])
    server.isReachable = true
    wake()
    await clock.pass(60_000)
    await settled()
    expect(server.asked).toEqual(['send one, best', 'send two'])
  })

  test('and may be with the server already becomes an edit there, whoever tells that it is', async () => {
    for (const tells of ['the server', 'the room'] as const) {
      globalThis.indexedDB = new IDBFactory()
      const server = new Server()
      server.losesAnswers = true
      const { outbox, wake, clock } = open(server)
      outbox.add(entry('a', 'helo'))
      await settled()
      outbox.rewrite('a', { text: 'hello' })
      await settled()
      server.losesAnswers = false
      if (tells === 'the room') outbox.settle({ ...(server.table[0] as ChatMessage) })
      wake()
      await clock.pass(60_000)
      await settled()
      expect(server.texts).toEqual(['hello'])
      expect(server.asked.at(-1)).toBe('edit hello')
      expect(await stored()).toEqual([])
      expect(outbox.waiting).toBe(0)
    }
  })

  test('and is edited while its attempt is under way becomes an edit when that is acknowledged', async () => {
    const server = new Server()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { outbox } = open(server, new TestClock(), {
      send: async (sent) => {
        const answer = await server.send(sent)
        if (sent.change === undefined) await held
        return answer
      },
    })
    outbox.add(entry('a', 'helo'))
    await settled()
    outbox.rewrite('a', { text: 'hello' })
    await settled()
    release()
    await settled()
    expect(server.texts).toEqual(['hello'])
    expect(server.asked).toEqual(['send helo', 'edit hello'])
  })

  test('is edited in one tab and acknowledged in another: the edit is carried out', async () => {
    const server = new Server()
    const listeners: EventEmitter<[OutboxNews]>[] = []
    const channel = (): TabChannel => {
      const own = new EventEmitter<[OutboxNews]>()
      listeners.push(own)
      return {
        post: (news) => {
          for (const other of listeners) if (other !== own) setImmediate(() => other.emit(news))
        },
        on: (listener) => void own.on(listener),
        close() {},
      }
    }
    server.isReachable = false
    const one = open(server, new TestClock(), { channel: channel(), tabId: 'one' })
    const other = open(server, new TestClock(), { channel: channel(), tabId: 'other' })
    one.outbox.add(entry('a', 'helo'))
    await settled()
    server.isReachable = true
    // At the same moment: the other one sends what it knows.
    one.outbox.rewrite('a', { text: 'hello' })
    other.wake()
    await settled()
    for (const { clock, wake } of [one, other]) {
      wake()
      await clock.pass(60_000)
    }
    await settled()
    expect(server.texts).toEqual(['hello'])
    expect(await stored()).toEqual([])
  })

  test.each<[string, { isCutOff?: boolean; refusesWith?: ErrorCode }]>([
    ['the page has no network', { isCutOff: true }],
    ['the server said no', { refusesWith: 'OVERLOADED' }],
    ['a limit said no', { refusesWith: 'RATE_LIMITED' }],
  ])('and is deleted while %s is never sent, and leaves no trace', async (_why, { isCutOff = false, refusesWith }) => {
    for (const openDatabase of [openOutboxDatabase, () => Promise.reject(new Error('refused'))]) {
      const server = new Server()
      server.refusesWith = refusesWith
      let cutOff = isCutOff
      const { outbox, wake, clock } = open(server, new TestClock(), { isCutOff: () => cutOff, openDatabase })
      outbox.add(entry('a', 'one'))
      await settled()
      outbox.withdraw('a')
      expect(shown(outbox)).toEqual([])
      await settled()
      const asked = server.asked.length
      expect(asked).toBe(isCutOff ? 0 : 1)
      expect(await stored()).toEqual([])
      server.refusesWith = undefined
      cutOff = false
      wake()
      await clock.pass(60_000)
      await settled()
      expect(server.asked).toHaveLength(asked)
      expect(server.table).toEqual([])
      expect(outbox.waiting).toBe(0)
    }
  })

  test('and is deleted while an attempt is under way that is then refused leaves no trace, whether or not for good', async () => {
    for (const code of ['OVERLOADED', 'FORBIDDEN'] as const) {
      globalThis.indexedDB = new IDBFactory()
      const held = holding()
      const { outbox, wake, clock } = open(new Server(), new TestClock(), { send: held.send })
      outbox.add(entry('a', 'one'))
      await settled()
      outbox.withdraw('a')
      await settled()
      expect(await stored()).toMatchObject([{ isWithdrawn: true, unanswered: 1 }])
      held.reject(new AppError(code))
      await settled()
      wake()
      await clock.pass(60_000)
      expect(held.tried).toEqual(['one'])
      expect(await stored()).toEqual([])
      expect([shown(outbox), outbox.waiting]).toEqual([[], 0])
    }
  })

  test('and was rewritten while an attempt was under way keeps its new text when that fails for good', async () => {
    const held = holding()
    const { outbox } = open(new Server(), new TestClock(), { send: held.send })
    outbox.add(entry('a', 'helo'))
    await settled()
    outbox.rewrite('a', { text: 'hello' })
    await settled()
    held.reject(new AppError('FORBIDDEN'))
    await settled()
    expect(outbox.outgoing('r')).toMatchObject([{ message: 'hello', state: 'failed', error: { code: 'FORBIDDEN' } }])
    expect(await stored()).toMatchObject([{ message: 'hello', error: { code: 'FORBIDDEN' } }])
  })

  test.each(['while the attempt is under way', 'after one way gave no answer and the next one said no'])(
    'and is deleted %s is deleted at the server at the next visit',
    async (when) => {
      const server = new Server()
      const first = open(server, new TestClock(), {
        send: async (sent, noAnswer) => {
          await server.send(sent)
          if (when.startsWith('while')) return new Promise(() => {})
          noAnswer()
          throw new AppError('SESSION_EXPIRED')
        },
      })
      first.outbox.add(entry('a', 'one'))
      await settled()
      first.outbox.withdraw('a')
      await settled()
      first.stop()
      const next = open(server)
      await next.clock.pass(60_000)
      expect(server.table).toMatchObject([{ message: '', deletedAt: expect.any(String) }])
      expect(await stored()).toEqual([])
    },
  )

  test('and that another tab has tried is rewritten as one that the server may have', async () => {
    const server = new Server()
    server.losesAnswers = true
    let cutOff = true
    const one = open(server, new TestClock(), { tabId: 'one', isCutOff: () => cutOff })
    one.outbox.add(entry('a', 'helo'))
    await settled()
    const other = open(server, new TestClock(), { tabId: 'other' })
    await settled()
    expect(server.texts).toEqual(['helo'])
    other.stop()
    one.outbox.rewrite('a', { text: 'hello' })
    await settled()
    expect(await stored()).toMatchObject([{ message: 'hello', earlier: [{ message: 'helo' }], unanswered: 1 }])
    one.outbox.withdraw('a')
    await settled()
    server.losesAnswers = false
    cutOff = false
    one.wake()
    await one.clock.pass(60_000)
    expect(server.table).toMatchObject([{ deletedAt: expect.any(String) }])
  })

  test('and is deleted at the moment another tab hears its acknowledgement is deleted there', async () => {
    const server = new Server()
    const one = open(server, new TestClock(), { tabId: 'one', isCutOff: () => true })
    one.outbox.add(entry('a', 'one'))
    await settled()
    const other = open(server, new TestClock(), { tabId: 'other' })
    await settled()
    expect(server.asked).toEqual(['send one'])
    one.outbox.withdraw('a')
    await settled()
    one.outbox.settle({ ...(server.table[0] as ChatMessage) })
    await settled()
    other.wake()
    one.stop()
    other.stop()
    await open(server).clock.pass(60_000)
    expect(server.asked).toEqual(['send one', 'delete'])
  })

  test('and is deleted while the server may have it is deleted there', async () => {
    const server = new Server()
    server.losesAnswers = true
    const { outbox, wake, clock } = open(server)
    outbox.add(entry('a', 'one'))
    await settled()
    outbox.withdraw('a')
    await settled()
    server.losesAnswers = false
    wake()
    await clock.pass(60_000)
    await settled()
    expect(server.table).toMatchObject([{ message: '', deletedAt: expect.any(String) }])
    expect(await stored()).toEqual([])
  })

  test('works the same without storage', async () => {
    const server = new Server()
    server.losesAnswers = true
    const refused = () => Promise.reject(new Error('refused'))
    const { outbox, wake, clock } = open(server, new TestClock(), { openDatabase: refused })
    outbox.add(entry('a', 'helo'))
    outbox.add(entry('b', 'not this'))
    await settled()
    outbox.rewrite('a', { text: 'hello' })
    outbox.withdraw('b')
    await settled()
    server.losesAnswers = false
    wake()
    await clock.pass(60_000)
    await settled()
    expect(server.texts.filter((text) => text !== '')).toEqual(['hello'])
    expect(outbox.waiting).toBe(0)
  })
})

/** The database as that version of the page left it, with one message in it. */
const leaveBehind = async (version: 1 | 2, left: object) => {
  const older = await openDB('tandem-outbox-me', version, {
    upgrade(database) {
      const entries = database.createObjectStore('entries', { keyPath: 'order', autoIncrement: true })
      entries.createIndex('clientId', 'clientId', { unique: true })
      entries.createIndex('roomId', 'roomId')
      database.createObjectStore('leases', { keyPath: 'name' })
    },
  })
  await older.add('entries', left)
  older.close()
}

test('what the first version of the page left may be with the server: it did not write down what it had tried', async () => {
  await leaveBehind(1, entry('a', 'one'))
  expect(await stored()).toEqual([{ ...entry('a', 'one'), unanswered: 1 }])
})

test('what the second version left keeps the texts it was tried with, and whom they named', async () => {
  const left = { ...entry('a', 'three'), unanswered: 2, earlier: ['one', 'two'], earlierMentions: { two: ['ada'] } }
  await leaveBehind(2, left)
  const { earlierMentions: _, ...kept } = left
  expect(await stored()).toEqual([{ ...kept, earlier: [{ message: 'one' }, { message: 'two', mentions: ['ada'] }] }])
})

test('an edit whose answer was lost changes nothing after somebody’s newer one', async () => {
  const server = new Server()
  const message = await server.send(entry('old', 'helo'))
  server.losesAnswers = true
  const { outbox, wake, clock } = open(server)
  outbox.change(message, { kind: 'edit', text: 'hello' })
  await settled()
  server.change('of another device', 'm1', 'edit', 'hello there')
  server.losesAnswers = false
  wake()
  await clock.pass(60_000)
  await settled()
  expect(server.texts).toEqual(['hello there'])
  expect(outbox.waiting).toBe(0)
})

describe('an answer to a message', () => {
  const replyTo = { id: 'm0', seq: 1, senderId: 'ada', excerpt: 'Tea?' }

  test('keeps what it answers while it waits, through a reload, and when it is rewritten', async () => {
    const server = new Server()
    server.isReachable = false
    const first = open(server)
    first.outbox.add({ ...entry('a', 'yse'), replyTo })
    await settled()
    first.outbox.rewrite('a', { text: 'yes' })
    await settled()
    first.stop()
    const sent: OutboxEntry[] = []
    const { outbox } = open(server, new TestClock(), {
      send: (what) => {
        sent.push(what)
        return new Promise(() => {})
      },
    })
    await settled()
    expect(outbox.outgoing('r')).toMatchObject([{ message: 'yes', replyTo }])
    expect(sent).toMatchObject([{ message: 'yes', replyTo }])
  })

  test('whose original is gone fails, and is sent without it when one tries again', async () => {
    const sent: OutboxEntry[] = []
    const { outbox } = open(new Server(), new TestClock(), {
      send: (what) => {
        sent.push(what)
        return Promise.reject(new AppError('NOT_FOUND'))
      },
    })
    outbox.add({ ...entry('a', 'yes'), replyTo })
    await settled()
    expect(outbox.outgoing('r')).toMatchObject([{ state: 'failed', replyTo }])
    outbox.retry('a')
    await settled()
    expect(sent.map((what) => what.replyTo)).toEqual([replyTo, undefined])
  })
})

test('whom a message names is kept with each text that the server may have', async () => {
  const sent: OutboxEntry[] = []
  const clock = new TestClock()
  const { outbox, wake } = open(new Server(), clock, {
    send: (what) => {
      sent.push(what)
      return Promise.reject(sent.length === 1 ? new NoAnswer('timeout') : new AppError('CONFLICT'))
    },
  })
  outbox.add({ ...entry('a', '@Ada'), mentions: ['ada'] })
  await settled()
  outbox.rewrite('a', { text: '@Bob', mentions: ['bob'] })
  await settled()
  wake()
  await clock.pass(60_000)
  await settled()
  expect(sent.map(({ message, mentions }) => [message, mentions])).toEqual([
    ['@Ada', ['ada']],
    ['@Bob', ['bob']],
    ['@Ada', ['ada']],
  ])
})

test('the same text that names somebody else is another version, also where it was so before', async () => {
  const sent: OutboxEntry[] = []
  const clock = new TestClock()
  const { outbox, wake } = open(new Server(), clock, {
    send: (what) => {
      sent.push(what)
      return Promise.reject(sent.length === 1 ? new NoAnswer('timeout') : new AppError('CONFLICT'))
    },
  })
  outbox.add({ ...entry('a', '@Sam'), mentions: ['sam1'] })
  await settled()
  outbox.rewrite('a', { text: 'nobody', mentions: [] })
  outbox.rewrite('a', { text: '@Sam', mentions: ['sam2'] })
  await settled()
  wake()
  await clock.pass(60_000)
  await settled()
  expect(sent.map(({ message, mentions }) => [message, mentions])).toEqual([
    ['@Sam', ['sam1']],
    ['@Sam', ['sam2']],
    ['nobody', []],
    ['@Sam', ['sam1']],
  ])
})

test('what the server has with the same text but another name is edited, and what it has as it is now is not', async () => {
  const there = await new Server().send(entry('a', '@Sam'))
  const waits = {
    ...entry('a', '@Sam'),
    mentions: ['sam2'],
    unanswered: 1,
    earlier: [{ message: '@Sam', mentions: ['sam1'] }],
  }
  const answered = (mentions: string[]) => ({ ...there, mentions })
  expect(followUp(waits, answered(['sam1']), () => 'b')).toMatchObject({ change: { kind: 'edit' }, mentions: ['sam2'] })
  expect(followUp(waits, answered(['sam2']), () => 'b')).toBeUndefined()
})
