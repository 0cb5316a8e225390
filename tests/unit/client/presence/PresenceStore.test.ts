import { expect, test } from 'vitest'
import { PresenceStore, type PresenceStoreDeps } from '@/client/presence/PresenceStore'
import { Signal } from '@/client/transport/Signal'
import type { PresenceMap } from '@/contracts/presence'
import { settled, TestClock } from '../support/TestClock'

const lastSeen = new Date(0).toISOString()
const online: PresenceMap = { grace: { isOnline: true, lastSeen } }
const offline: PresenceMap = { grace: { isOnline: false, lastSeen } }

/** A page whose server and network say what the test wants them to. */
function scene() {
  const clock = new TestClock()
  const connectedNow = new Signal()
  const said = { presence: online, connected: true, visible: true, asked: 0 }
  const answer = async () => {
    said.asked += 1
    return said.presence
  }
  const deps = {
    clock,
    log: { warn() {}, error() {} },
    link: {
      connectedNow,
      on: () => () => {},
      call: answer,
      get connected() {
        return said.connected
      },
    },
    api: { presence: answer },
    page: { isVisible: () => said.visible },
  } as unknown as PresenceStoreDeps // what this store uses of them
  const store = new PresenceStore(deps)
  store.start()
  return { clock, said, store, connect: () => connectedNow.emit() }
}

test('somebody who was only seen a moment ago, and of whom nobody tells anything, is not shown as here for good', async () => {
  const { clock, said, store, connect } = scene()
  connect()
  await settled()
  expect(store.getSnapshot()).toEqual(online)

  said.presence = offline
  await clock.pass(60_000)
  expect(store.getSnapshot()).toEqual(offline)
})

test('a page that stays connected asks twice, and not for ever', async () => {
  const { clock, said, connect } = scene()
  connect()
  await clock.pass(3_600_000)
  expect(said.asked).toBe(2)
})

test('without a connection it asks within a minute while somebody looks, and not otherwise', async () => {
  const { clock, said, store } = scene()
  said.connected = false
  said.visible = false
  await clock.pass(60_000)
  expect(said.asked).toBe(0)

  said.visible = true
  said.presence = offline
  await clock.pass(25_000)
  expect(store.getSnapshot()).toEqual(offline)
})
