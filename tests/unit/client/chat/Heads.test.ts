import { expect, test } from 'vitest'
import { Heads } from '@/client/chat/Heads'
import { NoAnswer } from '@/client/runtime/errors'
import type { PingData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { playedTransport } from '../support/testRuntime'
import { loadedRoom, me } from './support/loadedRoom'

const asking = ({ table, cache, runtime }: ReturnType<typeof loadedRoom>) => {
  const state = {
    asked: [] as unknown[],
    requested: [] as string[],
    lists: 0,
    abandoned: 0,
    gone: [] as string[],
    answer: (): PingData => ({
      lastSeen: '2026-01-01T00:00:00.000Z',
      asOf: `2026-01-01T00:00:0${state.asked.length}.000Z`,
      nextPingMs: 25_000,
      rooms: { [table.id]: { lastRev: table.lastRev, readRev: table.readRev } },
      notifications: { version: 0, unread: 0 },
    }),
  }
  const link = {
    connected: true,
    abandon: () => {
      state.abandoned += 1
    },
  }
  const transport = playedTransport(async (_command, input) => {
    state.asked.push(input)
    return state.answer()
  })
  const heads = new Heads(runtime, {
    transport,
    cache,
    link,
    catchUp: { request: (ids) => state.requested.push(...ids) },
    listAsOf: () => '2025-12-31T00:00:00.000Z',
    refreshList: async () => {
      state.lists += 1
    },
    gone: (roomId) => state.gone.push(roomId),
  })
  return { state, heads }
}

test('a room that one is no more in is gone, however it was missed', async () => {
  const { state, heads } = asking(loadedRoom())
  const { answer } = state
  state.answer = () => ({ ...answer(), gone: ['left'] })
  await heads.ask()
  expect(state.gone).toEqual(['left'])
})

test('the first heads reach back to when the list was read, later ones to the last heads', async () => {
  const { state, heads } = asking(loadedRoom())
  await heads.ask()
  await heads.ask()

  expect(state.asked).toEqual([
    { paged: true, asOf: '2025-12-31T00:00:00.000Z', away: false },
    { paged: true, asOf: '2026-01-01T00:00:01.000Z', away: false },
  ])
  expect(state.lists).toBe(0)
  expect(state.requested).toEqual([])
})

test('a head that differs in messages or in read positions makes its room catch up', async () => {
  const stage = loadedRoom()
  const { state, heads } = asking(stage)
  await heads.ask()
  stage.table.send('ada')
  await heads.ask()
  stage.timeline.adoptPage({ messages: stage.table.all(), lastRev: 3, readRev: 0, hasMore: false })
  await heads.ask()
  expect(state.requested).toEqual(['room'])
  stage.table.read(me, 3)
  await heads.ask()

  expect(state.requested).toEqual(['room', 'room'])
})

test('many heads come in pages, of which the first says from when on the next question reaches', async () => {
  const stage = loadedRoom()
  const { state, heads } = asking(stage)
  stage.table.send('ada')
  const { answer } = state
  const pages = ['one', 'two', undefined]
  state.answer = () => {
    const nextCursor = pages.shift()
    // The room that is behind stands on the last page.
    return nextCursor === undefined ? answer() : { ...answer(), rooms: {}, nextCursor }
  }
  await heads.ask()
  expect(state.requested).toEqual(['room'])
  await heads.ask()

  const asOf = '2025-12-31T00:00:00.000Z'
  expect(state.asked).toEqual([
    { paged: true, asOf, away: false },
    { paged: true, asOf, away: false, cursor: 'one' },
    { paged: true, asOf, away: false, cursor: 'two' },
    { paged: true, asOf: '2026-01-01T00:00:01.000Z', away: false },
  ])
})

test('when a page of heads stays out the next question reaches as far back again', async () => {
  const { state, heads } = asking(loadedRoom())
  const { answer } = state
  state.answer = () => {
    if (state.asked.length === 2) throw new NoAnswer('timeout')
    return { ...answer(), nextCursor: 'one' }
  }
  await heads.ask()
  state.answer = answer
  await heads.ask()

  expect(state.asked.at(-1)).toEqual({ paged: true, asOf: '2025-12-31T00:00:00.000Z', away: false })
})

test('a question that a limit refuses is asked again when the limit is over', async () => {
  const stage = loadedRoom()
  const { state, heads } = asking(stage)
  const { answer } = state
  state.answer = () => {
    throw new AppError('RATE_LIMITED', { retryAfterMs: 4_000 })
  }
  await heads.ask()
  state.answer = answer
  await stage.clock.pass(3_999)
  expect(state.asked).toHaveLength(1)
  await stage.clock.pass(1)
  expect(state.asked).toHaveLength(2)
})

test('a room nobody has heard of is looked for in the list, once', async () => {
  const { state, heads } = asking(loadedRoom())
  await heads.ask()
  const { answer } = state
  state.answer = () => ({ ...answer(), rooms: { unheard: { lastRev: 7, readRev: 0 } } })

  await heads.ask()
  await heads.ask()

  expect(state.lists).toBe(1)
})

test('when the list cannot be read the next question reaches as far back again', async () => {
  const stage = loadedRoom()
  const { state } = asking(stage)
  const { answer } = state
  state.answer = () => ({ ...answer(), rooms: { unheard: { lastRev: 7, readRev: 0 } } })
  const asked: unknown[] = []
  const failing = new Heads(stage.runtime, {
    transport: playedTransport(async (_command, input) => {
      asked.push(input)
      return state.answer()
    }),
    cache: stage.cache,
    link: { connected: true, abandon() {} },
    catchUp: { request() {} },
    listAsOf: () => undefined,
    refreshList: () => Promise.reject(new Error('no network')),
    gone() {},
  })
  await failing.ask()
  await failing.ask()

  expect(asked).toEqual([
    { paged: true, away: false },
    { paged: true, away: false },
  ])
})

test('a question while another is under way is asked after it', async () => {
  const { state, heads } = asking(loadedRoom())

  await Promise.all([heads.ask(), heads.ask(), heads.ask()])

  expect(state.asked).toHaveLength(2)
})

test('the server may ask for the next question sooner than the heartbeat', async () => {
  const stage = loadedRoom()
  const { state, heads } = asking(stage)
  const { answer } = state
  state.answer = () => ({ ...answer(), nextPingMs: 5_000 })
  await heads.ask()
  await stage.clock.pass(5_000)

  expect(state.asked).toHaveLength(2)
})

test('only after sleep is a connection without an answer given up', async () => {
  const { state, heads } = asking(loadedRoom())
  state.answer = () => {
    throw new NoAnswer('timeout')
  }
  await heads.ask()
  expect(state.abandoned).toBe(0)

  await heads.ask(true)
  expect(state.abandoned).toBe(1)
})

test('a question after sleep must be answered, also when another is under way', async () => {
  const { state, heads } = asking(loadedRoom())
  state.answer = () => {
    throw new NoAnswer('timeout')
  }

  await Promise.all([heads.ask(), heads.ask(true), heads.ask()])

  expect(state.asked).toHaveLength(2)
  expect(state.abandoned).toBe(1)
})
