import { expect, test } from 'vitest'
import { NotificationSettings } from '@/client/notifications/NotificationSettings'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { settled, TestClock } from '../support/TestClock'
import { playedTransport, quietPage, testRuntime } from '../support/testRuntime'

/** A page that shows topics. */
const scene = async () => {
  const clock = new TestClock()
  const [woken, connected, told] = [new EventEmitter(), new EventEmitter(), new EventEmitter()]
  const page = { ...quietPage, onWake: woken.on }
  let reads = 0
  const transport = playedTransport(async () => {
    reads += 1
    return { topics: [], open: [], nextCursor: null }
  })
  const link = { connectedNow: connected, on: (_: string, listener: () => void) => told.on(listener) }
  const settings = new NotificationSettings(testRuntime({ clock, page }), {
    transport,
    link: link as never, // all of it that the settings use
  })
  settings.topics.want()
  await settled()
  return { clock, woken, connected, told, reads: () => reads }
}

test('waking finds what was not told, but not with each focus of the window', async () => {
  const { clock, woken, reads } = await scene()
  for (let focus = 1; focus <= 9; focus += 1) {
    await clock.pass(3_000)
    woken.emit()
  }
  await clock.pass(1_000)
  expect(reads()).toBe(2)
  await clock.pass(30_000)
  woken.emit()
  await clock.pass(0)
  expect(reads()).toBe(3)
})

test('what the server tells, and a new connection, are followed at any time', async () => {
  const { clock, woken, connected, told, reads } = await scene()
  for (const [happened, expected] of [
    [woken, 2],
    [told, 3],
    [connected, 4],
  ] as const) {
    await clock.pass(2_000)
    happened.emit()
    await clock.pass(0)
    expect(reads()).toBe(expected)
  }
})
