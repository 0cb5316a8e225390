import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limits } from '@/contracts/limits'
import { ChatPresenceService, ONLINE_BY_LAST_SEEN_MS, PRESENCE_GRACE_MS } from '@/services/presence/ChatPresenceService'
import { LastSeenBatch } from '@/services/presence/LastSeenBatch'
import type { ActiveUser, ActiveUsersStore, DepartedUser, LastSeenRepository } from '@/services/presence/ports'
import { silentLogger } from '@/services/shared/Logger'
import { partOf } from '../../support/partOf'
import { ada } from '../../support/sessionUsers'

const batchMs = 2_000
const start = Date.parse('2026-01-01T12:00:00.000Z')
const ago = (ms: number) => new Date(start - ms).toISOString()

beforeEach(() => void vi.useFakeTimers({ now: start }))
afterEach(() => void vi.useRealTimers())

function create(
  repository: Partial<LastSeenRepository>,
  known: Record<string, ActiveUser | DepartedUser> | undefined = {},
) {
  const activeUsers = partOf<ActiveUsersStore>({
    getUsers: async (ids) => new Map(Object.entries(known).filter(([id]) => ids.includes(id))),
    getAllUsers: async () => Object.keys(known),
  })
  const lastSeen = new LastSeenBatch({ repository: { touch: async () => {} }, logger: silentLogger, batchMs })
  const deps = { repository: partOf<LastSeenRepository>(repository), lastSeen }
  return {
    lastSeen,
    service: new ChatPresenceService({ ...deps, activeUsers }),
    withoutStore: new ChatPresenceService({ ...deps, activeUsers: undefined }),
  }
}

const minuteAgo = [{ id: 'grace', lastSeen: ago(60_000) }]

test('who has a connection is online, however long ago they were last seen; away if all of them say so', async () => {
  const { service } = create(
    {},
    { grace: { connections: ['tab'], away: false }, linus: { connections: ['tab'], away: true } },
  )
  const presence = await service.of([...minuteAgo, { id: 'linus', lastSeen: ago(0) }])
  expect(Object.fromEntries(presence)).toEqual({
    grace: { isOnline: true, lastSeen: ago(60_000) },
    linus: { isOnline: true, lastSeen: ago(0), away: true },
  })
})

const limit = ONLINE_BY_LAST_SEEN_MS + batchMs
test.each([
  ['within what is believed', limit, true],
  ['longer ago', limit + 1, false],
])('of whom no connection is known, lastSeen %s decides', async (_, ms, isOnline) => {
  const { service, withoutStore } = create({})
  for (const asked of [service, withoutStore]) {
    const presence = await asked.of([{ id: 'grace', lastSeen: ago(ms) }])
    expect(presence.get('grace')).toEqual({ isOnline, lastSeen: ago(ms) })
  }
})

test.each([
  ['in the grace time', PRESENCE_GRACE_MS, true],
  ['after it', PRESENCE_GRACE_MS + 1, false],
])('who has left is online only %s: they may be reloading', async (_, ms, isOnline) => {
  const { service } = create({}, { grace: { leftAt: new Date(start - ms + 10) } })
  expect((await service.of([{ id: 'grace', lastSeen: ago(ms) }])).get('grace')).toMatchObject({ isOnline })
})

test('who was seen after they left is believed as everybody is: they came back elsewhere', async () => {
  const { service } = create({}, { grace: { leftAt: new Date(start - 20_000) } })
  expect((await service.of([{ id: 'grace', lastSeen: ago(10_000) }])).get('grace')).toMatchObject({ isOnline: true })
})

test('what is noted but not written yet counts', async () => {
  const { service, lastSeen } = create({})
  lastSeen.touch('grace')
  expect((await service.of(minuteAgo)).get('grace')).toEqual({ isOnline: true, lastSeen: ago(0) })
})

test('a person is told of those they share a room with, and of nobody else', async () => {
  const peersOf = vi.fn(async () => minuteAgo)
  const { service } = create({ peersOf })
  expect(await service.sync(ada, ['grace', 'stranger'])).toEqual({ grace: { isOnline: false, lastSeen: ago(60_000) } })
  expect(peersOf).toHaveBeenCalledWith('ada', limits.presenceIds, ['grace', 'stranger'])
})

test('the status of nobody is NOT_FOUND; among many, it is null', async () => {
  const { service } = create({ lastSeenOf: async (ids) => minuteAgo.filter(({ id }) => ids.includes(id)) })
  expect(await service.status('grace')).toEqual({ userId: 'grace', isOnline: false, lastSeen: ago(60_000) })
  await expect(service.status('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await service.bulk(['grace', 'nobody'])).toEqual({
    statuses: { grace: { isOnline: false, lastSeen: ago(60_000) }, nobody: null },
  })
})

test('everybody online comes in pages by id, each once, with how many there are', async () => {
  const ids = Array.from({ length: limits.presenceIds + 2 }, (_, i) => `p${String(i).padStart(4, '0')}`)
  const known = Object.fromEntries(ids.toReversed().map((id) => [id, { connections: ['tab'], away: false }]))
  const { service } = create({ lastSeenOf: async (asked) => asked.map((id) => ({ id, lastSeen: ago(0) })) }, known)
  const first = await service.online(undefined)
  expect(first).toMatchObject({ total: ids.length, nextCursor: ids[limits.presenceIds - 1] })
  const second = await service.online(first.nextCursor ?? undefined)
  expect(second).toMatchObject({ total: ids.length, nextCursor: null })
  expect([...first.users, ...second.users].map(({ userId }) => userId)).toEqual(ids)
})

test('where no connections are known nobody is listed', async () => {
  const { withoutStore } = create({ lastSeenOf: async () => [] })
  expect(await withoutStore.online(undefined)).toEqual({ users: [], nextCursor: null, total: 0 })
})

test('who has a page in front is told by their connections; of whom none is known, nobody can say for a while', async () => {
  const { service } = create(
    {},
    {
      ...{ here: { connections: ['tab'], away: false }, away: { connections: ['tab'], away: true } },
      ...{ left: { leftAt: new Date(start - PRESENCE_GRACE_MS - 1) }, leaving: { leftAt: new Date(start) } },
    },
  )
  const people = [
    ...[{ id: 'here', lastSeen: ago(60_000) }, ...minuteAgo, { id: 'away', lastSeen: ago(0) }],
    ...[
      { id: 'left', lastSeen: ago(PRESENCE_GRACE_MS + 1) },
      { id: 'leaving', lastSeen: ago(0) },
    ],
    { id: 'elsewhere', lastSeen: ago(10_000) },
  ]
  expect(Object.fromEntries(await service.inFront(people))).toEqual({
    ...{ here: true, away: false, grace: false, left: false },
    ...{ leaving: undefined, elsewhere: undefined },
  })
})
