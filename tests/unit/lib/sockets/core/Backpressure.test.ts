import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Backpressure } from '@/lib/sockets/core/Backpressure'
import type { EngineConnection } from '@/lib/sockets/frontDoor/engine'
import { partOf } from '../../../support/partOf'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const nextTurn = () => new Promise(setImmediate)

/** A connection over WebSocket; `read` says whether what it sends is read. */
function connection() {
  let isRead = true
  const socket = {
    terminate: () => {},
    pause: () => {
      isRead = false
    },
    resume: () => {
      isRead = true
    },
  }
  const transport = partOf<EngineConnection['transport']>({ name: 'websocket', socket })
  return { connection: partOf<EngineConnection>({ transport }), isRead: () => isRead }
}

const limits = { mostUnderWay: 2, maxWaitMs: 1_000 }

test('as many as may be under way begin at once, and their connections are read', () => {
  const ada = connection()
  const places = new Backpressure(limits)
  expect([places.enter(ada.connection), places.enter(ada.connection)]).toEqual([undefined, undefined])
  expect(ada.isRead()).toBe(true)
})

test('beyond them a command waits for its place, in the order in which they came, and its connection is not read', async () => {
  const [ada, grace] = [connection(), connection()]
  const places = new Backpressure({ ...limits, mostUnderWay: 1 })
  const order: string[] = []
  void places.enter(ada.connection)
  for (const [name, { connection }] of Object.entries({ ada, grace }))
    void places.enter(connection)?.then((isInTime) => order.push(`${name} ${isInTime}`))
  expect([ada.isRead(), grace.isRead()]).toEqual([false, false])
  places.leave()
  await nextTurn()
  expect(order).toEqual(['ada true'])
  expect(ada.isRead()).toBe(false)
  places.leave()
  await nextTurn()
  expect(order).toEqual(['ada true', 'grace true'])
})

test('when there is a place again connections are read again, one in each turn', async () => {
  const [ada, grace] = [connection(), connection()]
  const places = new Backpressure({ ...limits, mostUnderWay: 1 })
  void places.enter(ada.connection)
  void places.enter(ada.connection)
  void places.enter(grace.connection)
  for (let i = 0; i < 3; i++) places.leave()
  await nextTurn()
  expect([ada.isRead(), grace.isRead()]).toEqual([true, false])
  await nextTurn()
  expect(grace.isRead()).toBe(true)
})

test('what waited too long hears so when its place comes', async () => {
  const { connection: ada } = connection()
  const places = new Backpressure({ ...limits, mostUnderWay: 1 })
  void places.enter(ada)
  const late = places.enter(ada)
  vi.advanceTimersByTime(1_001)
  places.leave()
  expect(await late).toBe(false)
})

test('nobody is left unread for more than five seconds, however much is under way', async () => {
  const ada = connection()
  const places = new Backpressure({ ...limits, mostUnderWay: 1 })
  void places.enter(ada.connection)
  for (let i = 0; i < 3; i++) void places.enter(ada.connection)
  vi.advanceTimersByTime(4_999)
  places.leave()
  await nextTurn()
  expect(ada.isRead()).toBe(false)
  vi.advanceTimersByTime(2)
  places.leave()
  await nextTurn()
  expect(ada.isRead()).toBe(true)
})
