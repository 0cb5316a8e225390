import { expect, test } from 'vitest'
import { CatchUp } from '@/client/chat/CatchUp'
import { Heads, type HeadsDeps } from '@/client/chat/Heads'
import { ReadMarker } from '@/client/chat/ReadMarker'
import { RoomBook } from '@/client/chat/RoomBook'
import { NoAnswer } from '@/client/transport/errors'
import { HttpPoller } from '@/client/transport/HttpPoller'
import { Signal } from '@/client/transport/Signal'
import type { SendCommand } from '@/client/transport/sendCommand'
import type { PingData, SyncRoomsInput } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'
import { TableRoom } from './support/TableRoom'

const me = 'me'
const log = { warn() {}, error() {} }
const page = { isVisible: () => true, isOnline: () => true, onWake: () => () => {}, onChange: () => () => {} }
const random = () => 0.5

/** One loaded room, and a server that knows it. */
const scene = (messages = 2) => {
  const table = new TableRoom([me, 'ada'])
  for (let i = 0; i < messages; i += 1) table.send('ada')
  const book = new RoomBook(me)
  book.adoptRow(table.row(me))
  const timeline = book.get(table.id)
  if (timeline === undefined) throw new Error('The row was adopted.')
  timeline.beginLoad()
  book.adoptSnapshot(table.snapshot(me, 50))
  return { table, book, timeline, clock: new TestClock() }
}

/** Answers syncRooms from the table; `fail` once set makes it fail. */
const syncing = ({ table, book, clock }: ReturnType<typeof scene>, pageSize = 200) => {
  const asked: SyncRoomsInput[] = []
  const events: string[] = []
  const faults: { fail: Error | undefined; answer: 'page' | 'reset' | 'gone' } = { fail: undefined, answer: 'page' }
  const send: SendCommand = async (_name, input) => {
    const question = input as SyncRoomsInput // nothing else is sent here
    asked.push(question)
    if (faults.fail !== undefined) throw faults.fail
    const position = question.rooms[table.id]
    if (typeof position !== 'object') throw new Error('Positions are sent with their readRev.')
    const answer = faults.answer === 'page' ? table.sync(position, pageSize) : { [faults.answer]: true }
    return { rooms: { [table.id]: answer } } as never // the data of syncRooms
  }
  const catchUp = new CatchUp({
    clock,
    random,
    log,
    book,
    send,
    applied: () => events.push('applied'),
    reload: () => events.push('reload'),
    refreshRows: () => events.push('rows'),
    gone: () => events.push('gone'),
  })
  return { asked, events, faults, catchUp }
}

test('a hole that closes within a moment is not asked about; one that stays open is', async () => {
  const stage = scene()
  const { asked, catchUp } = syncing(stage)
  const { table, timeline, clock } = stage
  const third = table.send('ada')
  timeline.receive(table.send('ada'))
  catchUp.watchHole(table.id)
  timeline.receive(third)
  await clock.pass(1_000)
  expect(asked).toEqual([])

  table.send('ada')
  timeline.receive(table.send('ada'))
  catchUp.watchHole(table.id)
  await clock.pass(249)
  expect(asked).toEqual([])
  await clock.pass(251)

  expect(asked).toEqual([{ rooms: { room: { lastRev: 4, readRev: 0 } } }])
  expect(timeline.messages).toEqual(table.all())
})

test('it asks page after page until nothing is missing', async () => {
  const stage = scene()
  const { asked, events, catchUp } = syncing(stage, 2)
  for (let i = 0; i < 5; i += 1) stage.table.send('ada')

  catchUp.request(['room'])
  await settled()

  expect(asked).toHaveLength(3)
  expect(events).toEqual(['applied', 'applied', 'applied'])
  expect(stage.timeline.messages).toEqual(stage.table.all())
})

test('what cannot be answered now is asked again, sooner when something works again', async () => {
  const stage = scene()
  const { asked, faults, catchUp } = syncing(stage)
  stage.table.send('ada')
  faults.fail = new Error('no network')
  catchUp.request(['room'])
  await stage.clock.pass(10_000)
  const before = asked.length
  expect(before).toBeGreaterThan(2)

  faults.fail = undefined
  catchUp.hurry()
  await settled()

  expect(asked).toHaveLength(before + 1)
  expect(stage.timeline.messages).toEqual(stage.table.all())
})

test('a room that is too far behind is loaded anew, and one that is not one’s own any more is dropped', async () => {
  const stage = scene()
  const { events, faults, catchUp } = syncing(stage)
  faults.answer = 'reset'
  catchUp.request(['room'])
  await settled()
  faults.answer = 'gone'
  catchUp.request(['room'])
  await settled()

  expect(events).toEqual(['reload', 'gone'])
})

test('a question that the server refuses for good is not asked again', async () => {
  const stage = scene()
  const { asked, faults, catchUp } = syncing(stage)
  faults.fail = new AppError('BAD_REQUEST')
  catchUp.request(['room'])
  await stage.clock.pass(60_000)

  expect(asked).toHaveLength(1)
})

const asking = ({ table, book, clock }: ReturnType<typeof scene>) => {
  const state = {
    asked: [] as unknown[],
    requested: [] as string[],
    lists: 0,
    abandoned: 0,
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
    call: async (_name: string, input: unknown) => {
      state.asked.push(input)
      return state.answer()
    },
  } as unknown as HeadsDeps['link'] // only `ping` is called here
  const heads = new Heads({
    clock,
    log,
    page,
    book,
    link,
    catchUp: { request: (ids) => state.requested.push(...ids) },
    listAsOf: () => '2025-12-31T00:00:00.000Z',
    refreshList: async () => {
      state.lists += 1
    },
  })
  return { state, heads }
}

test('the first heads reach back to when the list was read, later ones to the last heads', async () => {
  const { state, heads } = asking(scene())
  await heads.ask()
  await heads.ask()

  expect(state.asked).toEqual([
    { asOf: '2025-12-31T00:00:00.000Z', away: false },
    { asOf: '2026-01-01T00:00:01.000Z', away: false },
  ])
  expect(state.lists).toBe(0)
  expect(state.requested).toEqual([])
})

test('a head that differs in messages or in read positions makes its room catch up', async () => {
  const stage = scene()
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

test('a question that a limit refuses is asked again when the limit is over', async () => {
  const stage = scene()
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
  const { state, heads } = asking(scene())
  await heads.ask()
  const { answer } = state
  state.answer = () => ({ ...answer(), rooms: { unheard: { lastRev: 7, readRev: 0 } } })

  await heads.ask()
  await heads.ask()

  expect(state.lists).toBe(1)
})

test('when the list cannot be read the next question reaches as far back again', async () => {
  const stage = scene()
  const { state } = asking(stage)
  const { answer } = state
  state.answer = () => ({ ...answer(), rooms: { unheard: { lastRev: 7, readRev: 0 } } })
  const asked: unknown[] = []
  const failing = new Heads({
    clock: stage.clock,
    log,
    page,
    book: stage.book,
    link: {
      connected: true,
      abandon() {},
      call: async (_name: string, input: unknown) => {
        asked.push(input)
        return state.answer()
      },
    } as unknown as HeadsDeps['link'], // as above
    catchUp: { request() {} },
    listAsOf: () => undefined,
    refreshList: () => Promise.reject(new Error('no network')),
  })
  await failing.ask()
  await failing.ask()

  expect(asked).toEqual([{ away: false }, { away: false }])
})

test('a question while another is under way is asked after it', async () => {
  const { state, heads } = asking(scene())

  await Promise.all([heads.ask(), heads.ask(), heads.ask()])

  expect(state.asked).toHaveLength(2)
})

test('the server may ask for the next question sooner than the heartbeat', async () => {
  const stage = scene()
  const { state, heads } = asking(stage)
  const { answer } = state
  state.answer = () => ({ ...answer(), nextPingMs: 5_000 })
  await heads.ask()
  await stage.clock.pass(5_000)

  expect(state.asked).toHaveLength(2)
  heads.stop()
})

test('only after sleep is a connection without an answer given up', async () => {
  const { state, heads } = asking(scene())
  state.answer = () => {
    throw new NoAnswer('timeout')
  }
  await heads.ask()
  expect(state.abandoned).toBe(0)

  await heads.ask(true)
  expect(state.abandoned).toBe(1)
})

test('without a connection changes are asked for every few seconds, slower while that fails, and only in sight', async () => {
  const clock = new TestClock()
  const changed = new Signal()
  const socket = { connected: false, downSince: clock.now(), changed }
  const view = { visible: true, changed: new Signal() }
  let polls = 0
  let works = true
  const poller = new HttpPoller({
    clock,
    random,
    socket,
    page: {
      isVisible: () => view.visible,
      isOnline: () => true,
      onWake: () => () => {},
      onChange: view.changed.on,
    },
    poll: async () => {
      polls += 1
      if (!works) throw new Error('no network')
    },
  })
  poller.start()
  await clock.pass(12_000)
  expect(polls).toBe(3)

  works = false
  await clock.pass(60_000)
  expect(polls).toBeLessThan(8)

  works = true
  view.visible = false
  view.changed.emit()
  const hidden = polls
  await clock.pass(60_000)
  expect(polls).toBe(hidden)

  view.visible = true
  view.changed.emit()
  poller.hurry()
  await clock.pass(4_000)
  expect(polls).toBe(hidden + 1)

  Object.assign(socket, { connected: true, downSince: undefined })
  changed.emit()
  await clock.pass(60_000)
  expect(polls).toBe(hidden + 1)
  poller.stop()
})

const marking = (stage: ReturnType<typeof scene>) => {
  const told: unknown[] = []
  const faults: { fail: Error | undefined } = { fail: undefined }
  const send: SendCommand = async (_name, input) => {
    const { upToSeq } = input as { upToSeq: number } // nothing but markMessagesRead is sent here
    told.push(upToSeq)
    if (faults.fail !== undefined) throw faults.fail
    return (stage.table.read(me, upToSeq) ?? { roomId: 'room', userId: me, count: 0, lastReadSeq: upToSeq }) as never
  }
  const { book, clock } = stage
  return { told, faults, marker: new ReadMarker({ userId: me, clock, random, log, book, send, changed() {} }) }
}

test('only the latest position is told, once, however often it is marked', async () => {
  const stage = scene(5)
  const { told, marker } = marking(stage)
  for (const seq of [1, 2, 2, 5, 3]) marker.mark('room', seq)
  await settled()
  marker.mark('room', 5)
  await settled()

  expect(told).toEqual([1, 5])
  expect(stage.table.positionOf(me)).toBe(5)
  expect(stage.timeline.position.readRev).toBe(stage.table.readRev)
})

test('a position that could not be told is told later, unless the server refuses it for good', async () => {
  const stage = scene(5)
  const { told, faults, marker } = marking(stage)
  faults.fail = new Error('no network')
  marker.mark('room', 2)
  await stage.clock.pass(5_000)
  expect(told.length).toBeGreaterThan(1)

  faults.fail = new AppError('NOT_FOUND')
  marker.hurry()
  await settled()
  const { length } = told
  await stage.clock.pass(60_000)

  expect(told).toHaveLength(length)
})
