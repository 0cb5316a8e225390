import { afterEach, expect, test, vi } from 'vitest'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'

afterEach(() => void vi.useRealTimers())

test('a user is here from the first connection to the last', async () => {
  const store = new InMemoryActiveUsersStore()
  expect(await store.isOnline('ada')).toBe(false)
  await store.addUser('ada', 'tab')
  await store.addUser('ada', 'phone')
  expect(await store.getUser('ada')).toEqual({ connections: ['tab', 'phone'], away: false })
  expect(await store.removeUser('ada', 'tab')).toBe('here')
  expect([await store.isOnline('ada'), store.holds('ada')]).toEqual([true, true])
  expect(await store.removeUser('ada', 'phone')).toBe('nowhere')
  expect([await store.isOnline('ada'), store.holds('ada'), await store.getUser('ada')]).toEqual([false, false, null])
})

test('everybody is listed once, with every connection', async () => {
  const store = new InMemoryActiveUsersStore()
  await store.addUser('ada', 'tab')
  await store.addUser('ada', 'phone')
  await store.addUser('grace', 'desk')
  expect(await store.getAllUsers()).toEqual(['ada', 'grace'])
  expect([...store.entries()].map(([id, connections]) => [id, [...connections.keys()]])).toEqual([
    ['ada', ['tab', 'phone']],
    ['grace', ['desk']],
  ])
})

test('somebody is away when every connection says so, and back with any that does not, or with a new one', async () => {
  const store = new InMemoryActiveUsersStore()
  const isAway = async () => (await store.getUser('ada'))?.away
  await store.addUser('ada', 'tab')
  await store.addUser('ada', 'phone')
  await store.setAway('ada', 'tab', true)
  expect(await isAway()).toBe(false)
  await store.setAway('ada', 'phone', true)
  expect(await isAway()).toBe(true)
  await store.setAway('ada', 'phone', false)
  expect(await isAway()).toBe(false)
  await store.setAway('ada', 'phone', true)
  await store.addUser('ada', 'new tab')
  expect(await isAway()).toBe(false)
})

test('of a connection that is not known nothing is noted', async () => {
  const store = new InMemoryActiveUsersStore()
  await store.setAway('ada', 'tab', true)
  expect(await store.getUser('ada')).toBeNull()
  await store.addUser('ada', 'tab')
  await store.setAway('ada', 'another', true)
  expect(await store.getUser('ada')).toEqual({ connections: ['tab'], away: false })
  expect(await store.removeUser('ada', 'another')).toBe('here')
  expect(await store.removeUser('nobody', 'tab')).toBe('nowhere')
})

test('of many, it says who is here and who left when; of others nothing', async () => {
  vi.useFakeTimers({ now: 1_000_000 })
  const store = new InMemoryActiveUsersStore()
  await store.addUser('ada', 'tab')
  await store.addUser('grace', 'desk')
  await store.removeUser('grace', 'desk')
  expect(await store.getUsers(['ada', 'grace', 'linus'])).toEqual(
    new Map<string, object>([
      ['ada', { connections: ['tab'], away: false }],
      ['grace', { leftAt: new Date(1_000_000) }],
    ]),
  )
})

test('who is back has not left', async () => {
  const store = new InMemoryActiveUsersStore()
  await store.addUser('ada', 'tab')
  await store.removeUser('ada', 'tab')
  await store.addUser('ada', 'tab again')
  expect((await store.getUsers(['ada'])).get('ada')).toEqual({ connections: ['tab again'], away: false })
})

test('departures are forgotten after a minute, when somebody else leaves', async () => {
  vi.useFakeTimers()
  const store = new InMemoryActiveUsersStore()
  const leave = async (id: string) => {
    await store.addUser(id, 'tab')
    await store.removeUser(id, 'tab')
  }
  await leave('ada')
  vi.advanceTimersByTime(30_000)
  await leave('grace')
  vi.advanceTimersByTime(30_001)
  await leave('linus')
  expect([...(await store.getUsers(['ada', 'grace', 'linus'])).keys()]).toEqual(['grace', 'linus'])
})
