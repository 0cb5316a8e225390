import { expect, test } from 'vitest'
import { PresenceStore, type PresenceStoreDeps } from '@/client/presence/PresenceStore'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { HIDDEN_PRESENCE, type PresenceMap } from '@/contracts/presence'
import { settled, TestClock } from '../support/TestClock'
import { playedTransport, quietPage, testRuntime } from '../support/testRuntime'

const lastSeen = '2026-11-22T10:00:00.000Z'
const online: PresenceMap = { grace: { isOnline: true, lastSeen } }
const offline: PresenceMap = { grace: { isOnline: false, lastSeen } }

/** A page whose server and network say what the test wants them to. */
function scene() {
  const clock = new TestClock()
  const connectedNow = new EventEmitter()
  const changed = new EventEmitter()
  const told = new EventEmitter<[PresenceMap]>()
  const said = { presence: online, connected: true, visible: true, asked: 0 }
  const transport = playedTransport(async () => {
    said.asked += 1
    return said.presence
  })
  const link: PresenceStoreDeps['link'] = {
    connectedNow,
    changed,
    // One event is listened to.
    on: (_, listener) => told.on(listener as (update: PresenceMap) => void),
    get connected() {
      return said.connected
    },
    get downSince() {
      return said.connected ? undefined : 0
    },
  }
  const page = { ...quietPage, isVisible: () => said.visible, onChange: changed.on }
  const store = new PresenceStore(testRuntime({ clock, page }), { transport, link })
  store.start()
  return {
    clock,
    said,
    store,
    tell: (update: PresenceMap) => told.emit(update),
    connect: () => connectedNow.emit(),
    notice: () => changed.emit(),
  }
}

test('somebody who was only seen a moment ago, and of whom nobody tells anything, is not shown as here for good', async () => {
  const { clock, said, store, connect } = scene()
  connect()
  await settled()
  expect(store.view.getSnapshot()).toEqual(online)

  said.presence = offline
  await clock.pass(60_000)
  expect(store.view.getSnapshot()).toEqual(offline)
})

test('a page that stays connected asks twice, and not for ever', async () => {
  const { clock, said, connect } = scene()
  connect()
  await clock.pass(3_600_000)
  expect(said.asked).toBe(2)
})

test('without a connection it asks within a minute while somebody looks, and not otherwise', async () => {
  const { clock, said, store, notice } = scene()
  said.connected = false
  said.visible = false
  notice()
  await clock.pass(60_000)
  expect(said.asked).toBe(0)

  said.visible = true
  said.presence = offline
  notice()
  await clock.pass(25_000)
  expect(store.view.getSnapshot()).toEqual(offline)
})

test('of whom one is told nothing any more nothing is known: by the event, or by an answer that names them no more', async () => {
  const { clock, said, store, connect, tell } = scene()
  connect()
  await settled()
  tell({ grace: HIDDEN_PRESENCE })
  expect(store.view.getSnapshot()).toEqual({})

  tell(online)
  expect(store.view.getSnapshot()).toEqual(online)
  said.presence = {}
  await clock.pass(60_000)
  expect(store.view.getSnapshot()).toEqual({})
})

test('who is heard of while one asks is known, also where the answer does not name them', async () => {
  const { said, store, connect, tell } = scene()
  said.presence = {}
  connect()
  tell(online)
  await settled()
  expect(store.view.getSnapshot()).toEqual(online)
})
