import { expect, test } from 'vitest'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { Poller } from '@/client/runtime/Poller'
import { TestClock } from '../support/TestClock'
import { quietPage, testRuntime } from '../support/testRuntime'

test('without a connection changes are asked for every few seconds, slower while that fails, and only in sight', async () => {
  const clock = new TestClock()
  const changed = new EventEmitter()
  const link = { connected: false, downSince: clock.now(), changed }
  const view = { visible: true, changed: new EventEmitter() }
  let polls = 0
  let works = true
  const page = { ...quietPage, isVisible: () => view.visible, onChange: view.changed.on }
  const runtime = testRuntime({ clock, page })
  const poll = async () => {
    polls += 1
    if (!works) throw new Error('no network')
  }
  const poller = new Poller(runtime, { link, everyMs: 4_000, poll })
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
  runtime.wake.emit()
  await clock.pass(4_000)
  expect(polls).toBe(hidden + 1)

  Object.assign(link, { connected: true, downSince: undefined })
  changed.emit()
  await clock.pass(60_000)
  expect(polls).toBe(hidden + 1)
  runtime.stop()
})
