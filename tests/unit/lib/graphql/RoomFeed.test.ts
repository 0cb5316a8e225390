import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { Connections } from '@/lib/graphql/Connections'
import { RequestContext } from '@/lib/graphql/RequestContext'
import { NewMessages, RoomChanges } from '@/lib/graphql/subscriptions/RoomFeed'
import { Timeout } from '@/lib/pipeline/timeout'
import type { HearEvent } from '@/lib/sockets/EventTaps'
import { silentLogger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import { waitFor } from '../../../support/waitFor'

const user: SessionUser = {
  id: 'ada',
  name: 'Ada',
  sessionId: 's',
  permissions: ['chat:read'],
} as unknown as SessionUser // the rest is asked by nobody

/** A room in a database: each message at its last change. */
class FakeRoom {
  readonly messages: ChatMessage[] = []
  lastRev = 0
  lastSeq = 0
  reads = 0
  counted = 0
  text = ''
  failure: AppError | undefined
  isListening = false
  onListen = () => {}
  lookAgainMs = 1_000_000
  tell: HearEvent = () => {}
  readonly connection = new Connections().opened(user, () => {})

  send(): ChatMessage {
    const [rev, seq] = [++this.lastRev, ++this.lastSeq]
    const message = { id: `m${seq}`, roomId: 'r', seq, rev, message: `m${seq}${this.text}` } as ChatMessage // the rest is asked by nobody
    this.messages.push(message)
    return message
  }

  edit(seq: number): ChatMessage {
    const edited = { ...(this.messages[seq - 1] as ChatMessage), rev: ++this.lastRev } // it is there
    this.messages[seq - 1] = edited
    return edited
  }

  get context(): RequestContext {
    const read = () => {
      this.reads += 1
      if (this.failure) throw this.failure
    }
    const rateLimit = () => {
      this.counted += 1
      return undefined
    }
    return new RequestContext(
      {
        pipeline: { logger: silentLogger, rateLimit, timeout: new Timeout(5_000) },
        taps: {
          listen: async (_user: SessionUser, tell: HearEvent) => {
            this.tell = tell
            this.isListening = true
            this.onListen()
            return () => {
              this.isListening = false
            }
          },
        } as never, // all that is asked of it
        lookAgainMs: () => this.lookAgainMs,
        handlers: {
          joinRoom: async () => {
            read()
            return { room: { lastRev: this.lastRev, lastSeq: this.lastSeq } }
          },
          syncRooms: async (_context: never, { rooms: { r: have } }: { rooms: { r: number } }) => {
            read()
            if (have > this.lastRev) return { rooms: { r: { reset: true } } }
            const later = this.messages.filter(({ rev }) => rev > have).sort((a, b) => a.rev - b.rev)
            const messages = later.slice(0, limits.syncPage)
            return { rooms: { r: { messages, lastRev: this.lastRev, hasMore: later.length > messages.length } } }
          },
          history: async (_context: never, { afterSeq, limit }: { afterSeq: number; limit: number }) => {
            read()
            const later = this.messages.filter(({ seq }) => seq > afterSeq)
            return { messages: later.slice(0, limit), hasMore: later.length > limit }
          },
        },
      },
      { user: () => user, correlationId: 'c', address: null, origin: null, connection: this.connection },
    )
  }
}

let room: FakeRoom
beforeEach(() => {
  room = new FakeRoom()
})

const opened = (sinceRev?: number) => new RoomChanges(room.context, { roomId: 'r', sinceRev }).open()
const take = async (feed: AsyncIterator<ChatMessage>, count: number): Promise<number[]> => {
  const revs: number[] = []
  for (let i = 0; i < count; i++) revs.push(((await feed.next()).value as ChatMessage).rev) // it goes on
  return revs
}
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, i) => i + from)

describe('what is followed of a room', () => {
  it('begins after what one has, and goes on with what is told', async () => {
    for (let i = 0; i < 450; i++) room.send()
    const feed = await opened(0)
    expect(await take(feed, 450)).toEqual(upTo(450))
    room.tell('receiveMessage', room.send())
    room.tell('messageUpdated', room.edit(3))
    room.tell('receiveMessage', { ...room.messages[3], roomId: 'another' })
    expect(await take(feed, 2)).toEqual([451, 452])
  })

  it('without a beginning it is what comes from now on', async () => {
    room.send()
    const feed = await opened()
    room.tell('receiveMessage', room.send())
    expect(await take(feed, 1)).toEqual([2])
  })

  it('what is told twice or again is given once; what comes early waits for what is before it', async () => {
    const feed = await opened(0)
    const [one, two, three] = [room.send(), room.send(), room.send()]
    for (const message of [one, three, one, two, two]) room.tell('receiveMessage', message)
    expect(await take(feed, 3)).toEqual([1, 2, 3])
    expect(room.reads).toBe(1)
  })

  it('a hole that stays open is filled from the database', async () => {
    const feed = await opened(0)
    room.send()
    room.tell('receiveMessage', room.send())
    expect(await take(feed, 2)).toEqual([1, 2])
    expect(room.reads).toBe(2)
  })

  it('a change that nothing told of is found all the same, until nobody listens', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    room.lookAgainMs = 20
    const feed = await opened(0)
    room.send()
    const taken = take(feed, 1)
    await vi.advanceTimersByTimeAsync(24) // up to a fifth longer
    expect(await taken).toEqual([1])
    await feed.return()
    const { reads } = room
    await vi.advanceTimersByTimeAsync(1_000)
    expect(room.reads).toBe(reads)
  })

  it('a hole is filled while others follow it', async () => {
    const feed = await opened(0)
    room.send()
    const busy = setInterval(() => room.tell('receiveMessage', room.send()), 20)
    const revs = await take(feed, 60).finally(() => clearInterval(busy))
    expect(revs).toEqual(upTo(60))
    // All at once after silence would be one reading of nearly all.
    expect(room.reads).toBeGreaterThan(1)
    expect(room.lastRev).toBeLessThan(90)
  })

  it('what the server looks for by itself counts against no limit, and what it is refused holds nothing back', async () => {
    room.lookAgainMs = 20
    for (let i = 0; i < 250; i++) room.send()
    const feed = await opened(0)
    expect(await take(feed, 250)).toEqual(upTo(250))
    // Both pages that were asked for.
    await waitFor(() => room.reads > 5)
    expect(room.counted).toBe(2)

    room.failure = new AppError('RATE_LIMITED', { retryAfterMs: 60_000 })
    const { reads } = room
    await waitFor(() => room.reads > reads)
    for (let i = 0; i < 5; i++) room.tell('receiveMessage', room.send())
    expect(await take(feed, 5)).toEqual(upTo(5, 251))
    await feed.return()
  })

  it('whoever reads slowly is given all of it, and what waits for them is bounded', async () => {
    const feed = await opened(0)
    for (let i = 0; i < 3_000; i++) room.tell('receiveMessage', room.send())
    expect(Reflect.get(feed, 'items')).toHaveLength(200)
    expect(await take(feed, 3_000)).toEqual(upTo(3_000))
  })

  it('of long messages fewer wait', async () => {
    room.text = '語'.repeat(4_000)
    for (let i = 0; i < 100; i++) room.send()
    const feed = await opened(0)
    expect(Reflect.get(feed, 'items').length).toBeLessThan(40)
    expect(await take(feed, 100)).toEqual(upTo(100))
  })

  it('what fails for a while is tried again; what is refused ends it', async () => {
    const feed = await opened(0)
    room.failure = new AppError('UNAVAILABLE')
    room.send()
    room.tell('receiveMessage', room.send())
    const next = take(feed, 2)
    await waitFor(() => room.reads >= 2)
    room.failure = undefined
    expect(await next).toEqual([1, 2])

    room.failure = new AppError('FORBIDDEN')
    room.send()
    room.tell('receiveMessage', room.send())
    await expect(feed.next()).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await feed.next()).toEqual({ done: true, value: undefined })
    expect(room.connection.subscriptions.size).toBe(0)
  })

  it('what was given before the end is still read, and the end comes after it', async () => {
    const feed = await opened(0)
    room.tell('receiveMessage', room.send())
    room.tell('roomRemoved', { roomId: 'r' })
    room.tell('receiveMessage', room.send())
    expect(await take(feed, 1)).toEqual([1])
    await expect(feed.next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('a place that is not there is refused', async () => {
    await expect(opened(5)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(room.connection.subscriptions.size).toBe(0)
  })

  it('whose session ends while it begins leaves nothing behind', async () => {
    for (const failure of [undefined, new AppError('UNAVAILABLE')]) {
      room = new FakeRoom()
      room.failure = failure
      room.onListen = () => room.connection.disconnect()
      await opened(0).then(
        (feed) => expect(feed.next()).rejects.toMatchObject({ code: 'SESSION_EXPIRED' }),
        (error: unknown) => expect(error).toMatchObject({ message: failure?.message }),
      )
      expect([room.isListening, room.connection.subscriptions.size]).toEqual([false, 0])
    }
  })

  it('one person has a bounded number of them', async () => {
    for (let i = 0; i < 50; i++) await opened(0)
    await expect(opened(0)).rejects.toMatchObject({ code: 'OVERLOADED' })
  })
})

describe('new messages alone', () => {
  const received = (args: { sinceRev?: number; sinceSeq?: number }) =>
    new NewMessages(room.context, { roomId: 'r', ...args }).open()

  it('edits of others are none', async () => {
    room.send()
    const feed = await received({})
    room.tell('messageUpdated', room.edit(1))
    room.tell('receiveMessage', room.send())
    expect((await feed.next()).value).toMatchObject({ seq: 2 })
  })

  it('those that changed since they came are among them, in their place', async () => {
    for (let i = 0; i < 4; i++) room.send()
    room.edit(3)
    room.edit(1)
    for (const feed of [await received({ sinceSeq: 2 }), await received({ sinceRev: 2 })]) {
      expect((await feed.next()).value).toMatchObject({ seq: 3 })
      expect((await feed.next()).value).toMatchObject({ seq: 4 })
    }
  })

  it('after a place that is not there, or too far away, nothing can follow', async () => {
    for (let i = 0; i < 1_002; i++) room.send()
    await expect(received({ sinceSeq: 1_003 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(received({ sinceSeq: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
