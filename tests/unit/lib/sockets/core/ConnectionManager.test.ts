import { expect, test, vi } from 'vitest'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import type { SessionUser } from '@/services/shared/SessionUser'
import { ada, grace } from '../../../support/sessionUsers'

function create() {
  const activeUsers = new InMemoryActiveUsersStore()
  const manager = new ConnectionManager(activeUsers)
  const register = (user: SessionUser, socketId: string, disconnect: () => void = () => {}) =>
    manager.registerConnection(
      user,
      socketId,
      '/chat',
      disconnect,
      () => 'websocket',
      () => {},
    )
  return { manager, activeUsers, register }
}
const idsOf = (connections: { socketId: string }[]) => connections.map(({ socketId }) => socketId)

test('a connection is known with its person, session and namespace, and by which transport it runs at the moment', () => {
  const { manager } = create()
  let transport = 'polling'
  manager.registerConnection(
    ada,
    'tab',
    '/notifications',
    () => {},
    () => transport,
    () => {},
  )
  expect(manager.getConnection('tab')).toMatchObject({
    socketId: 'tab',
    namespace: '/notifications',
    userId: 'ada',
    sessionId: 'session-of-ada',
    user: ada,
    away: false,
    lastPingAt: undefined,
  })
  transport = 'websocket'
  expect(manager.getConnection('tab')?.transport()).toBe('websocket')
})

test('a connection’s person is who the last update says', () => {
  const { manager } = create()
  const told = vi.fn()
  manager.registerConnection(
    ada,
    'tab',
    '/chat',
    () => {},
    () => 'websocket',
    told,
  )
  const renamed = { ...ada, name: 'Ada L.' }
  manager.getConnection('tab')?.update(renamed)
  expect(told).toHaveBeenCalledExactlyOnceWith(renamed)
  expect(manager.getConnection('tab')?.user).toEqual(renamed)
})

test('a person may have several connections, and is counted once', () => {
  const { manager, register } = create()
  register(ada, 'tab')
  register(ada, 'phone')
  register(grace, 'desk')
  expect(idsOf(manager.getUserConnections('ada'))).toEqual(['tab', 'phone'])
  expect(idsOf(manager.getAllConnections())).toEqual(['tab', 'phone', 'desk'])
  expect({ size: manager.size, people: manager.people }).toEqual({ size: 3, people: 2 })
})

test('a connection that ends is forgotten, and with their last one the person', () => {
  const { manager, register } = create()
  register(ada, 'tab')
  register(ada, 'phone')
  manager.unregisterConnection('ada', 'tab')
  expect(idsOf(manager.getUserConnections('ada'))).toEqual(['phone'])
  manager.unregisterConnection('ada', 'phone')
  expect(manager.getUserConnections('ada')).toEqual([])
  expect({ size: manager.size, people: manager.people }).toEqual({ size: 0, people: 0 })
})

test('ids that nobody has change nothing', () => {
  const { manager, register } = create()
  register(ada, 'tab')
  manager.unregisterConnection('ada', 'another')
  manager.notePing('another', true)
  expect(manager.getConnection('another')).toBeUndefined()
  expect(idsOf(manager.getUserConnections('ada'))).toEqual(['tab'])
})

test('a ping says when the connection last gave a sign, and whether its person is away', () => {
  const { manager, register } = create()
  register(ada, 'tab')
  manager.notePing('tab', true)
  expect(manager.getConnection('tab')).toMatchObject({ away: true, lastPingAt: expect.any(Date) })
  manager.notePing('tab', false)
  expect(manager.getConnection('tab')?.away).toBe(false)
})

test('closing all resolves when the last connection is gone', async () => {
  const { manager, register } = create()
  const closing: string[] = []
  for (const id of ['tab', 'phone']) register(ada, id, () => closing.push(id))
  const closed = vi.fn()
  const all = manager.closeAll(60_000).then(closed)
  expect(closing).toEqual(['tab', 'phone'])
  manager.unregisterConnection('ada', 'tab')
  await new Promise(setImmediate)
  expect(closed).not.toHaveBeenCalled()
  manager.unregisterConnection('ada', 'phone')
  await all
})

test('closing all waits no longer than it is told, and not at all for nobody', async () => {
  const { manager, register } = create()
  await manager.closeAll(60_000)
  register(ada, 'deaf')
  await manager.closeAll(1)
  expect(manager.size).toBe(1)
})

test('who is online is what the store says, which knows of other processes', async () => {
  const { manager, activeUsers, register } = create()
  register(grace, 'desk')
  expect(await manager.isUserOnline('grace')).toBe(false)
  await activeUsers.addUser('ada', 'elsewhere')
  expect(await manager.isUserOnline('ada')).toBe(true)
})
