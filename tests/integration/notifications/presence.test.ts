import { beforeAll, expect, test } from 'vitest'
import { createDatabase } from '@/lib/db/database'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { LastSeenBatch } from '@/services/presence/LastSeenBatch'
import { silentLogger } from '@/services/shared/Logger'
import { twoAcquaintances } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

/** Two people who have written to each other, and one who has not. */
async function people(): Promise<[TestUser, TestUser, TestUser]> {
  const { ada: one, grace: other } = await twoAcquaintances(servers)
  const stranger = await servers.user('Stranger')
  // Long ago, so that lastSeen alone says offline.
  await servers.db.query(`UPDATE users SET last_seen = now() - interval '1 day' WHERE id = ANY ($1)`, [
    [one.id, other.id, stranger.id],
  ])
  return [one, other, stranger]
}

const service = (method: string, path: string, body?: object, key = servers.serviceKey) =>
  http(servers.sockets[0].url, method, path, body, { authorization: `Bearer ${key}` })

test('whoever is acquainted is told of coming, going and being away; a stranger is not', async () => {
  const [watcher, person, stranger] = await people()
  const [watching, strange] = await Promise.all([watcher.connectNotifications(), stranger.connectNotifications()])
  const updates = heard(watching, 'presence:update')
  const toStranger = heard(strange, 'presence:update')

  const [tab, chatTab] = await Promise.all([person.connectNotifications(), person.connect()])
  await waitFor(() => updates.at(-1)?.[person.id]?.isOnline === true)

  await asked(tab, 'ping', { away: true })
  expect(updates.at(-1)?.[person.id]?.away).toBeUndefined() // the other connection is not away
  await asked(chatTab, 'ping', { away: true })
  await waitFor(() => updates.at(-1)?.[person.id]?.away === true)
  await asked(tab, 'ping', undefined)
  await waitFor(() => updates.at(-1)?.[person.id]?.away === undefined)

  tab.disconnect()
  chatTab.disconnect()
  await waitFor(() => updates.at(-1)?.[person.id]?.isOnline === false, { timeoutMs: 8_000 })
  expect(toStranger).toEqual([])
})

test('a reload does not flicker', async () => {
  const [watcher, person] = await people()
  const updates = heard(await watcher.connectNotifications(), 'presence:update')
  const before = await person.connectNotifications()
  await waitFor(() => updates.length === 1)

  before.disconnect()
  const after = await person.connectNotifications()
  await asked(after, 'ping', undefined)

  after.disconnect()
  await waitFor(() => updates.at(-1)?.[person.id]?.isOnline === false, { timeoutMs: 8_000 })
  expect(updates.map((update) => update[person.id]?.isOnline)).toEqual([true, false])
})

test('presence:sync and GET /api/presence answer for the people one shares a room with, and no others', async () => {
  const [watcher, person, stranger] = await people()
  const [tab] = await Promise.all([
    watcher.connectNotifications(),
    person.connectNotifications(),
    stranger.connectNotifications(),
  ])
  const events = heard(tab, 'presence:sync')

  await waitFor(async () => (await asked(tab, 'presence:sync', undefined))[person.id]?.isOnline)
  const asking = await asked(tab, 'presence:sync', { ids: [person.id, stranger.id] })
  expect(Object.keys(asking)).toEqual([person.id])
  await waitFor(() => events.length >= 2)
  expect(events.at(-1)).toEqual(asking)

  // The web process has no connections; it judges by lastSeen, which is written within seconds.
  await waitFor(async () => {
    const { body } = await watcher.http('GET', `/api/presence?ids=${person.id},${stranger.id}`)
    return Object.keys(body ?? {}).length === 1 && (body as typeof asking)[person.id]?.isOnline // the contract's answer
  })
})

test('other services learn who is online, by pages, one or many, with the service key only', async () => {
  const [, person, stranger] = await people()
  await person.connectNotifications()
  await waitFor(
    async () => ((await service('GET', `/users/${person.id}/status`)).body as { isOnline: boolean }).isOnline,
  )

  const { body } = await service('GET', '/users/online')
  expect(body).toMatchObject({
    users: expect.arrayContaining([{ userId: person.id, isOnline: true, lastSeen: expect.any(String) }]),
    nextCursor: null,
  })
  expect(await service('GET', `/users/${stranger.id}/status`)).toMatchObject({
    status: 200,
    body: { userId: stranger.id, isOnline: false },
  })
  expect(await service('GET', '/users/nobody/status')).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND' } },
  })
  expect(await service('POST', '/users/status/bulk', { userIds: [person.id, 'nobody'] })).toMatchObject({
    status: 200,
    body: { statuses: { [person.id]: { isOnline: true }, nobody: null } },
  })
  const tooMany = await service('POST', '/users/status/bulk', {
    userIds: Array.from({ length: 501 }, (_, i) => `u${i}`),
  })
  expect(tooMany).toMatchObject({
    status: 400,
    body: { error: { code: 'BAD_REQUEST', message: expect.stringContaining('500') } },
  })
  expect(await service('GET', '/users/online', undefined, 'wrong')).toMatchObject({ status: 401 })
})

test('any number of pings of any number of people within one batch window is one statement', async () => {
  const users = await Promise.all(Array.from({ length: 12 }, () => servers.user()))
  const db = createDatabase({ url: servers.databaseUrl, poolSize: 2, logger: silentLogger, applicationName: 'test' })
  onTeardown(() => db.close())
  const table = new PrismaUserRepository(db)
  const written: number[] = []
  const batch = new LastSeenBatch({
    repository: {
      touch: async (seen) => {
        written.push(seen.size)
        await table.touch(seen)
      },
    },
    logger: silentLogger,
    // The window is closed by hand: no time is part of this.
    batchMs: 3_600_000,
  })
  await servers.db.query(`UPDATE users SET last_seen = now() - interval '1 hour'`)

  for (let ping = 0; ping < 100; ping += 1) for (const { id } of users) batch.touch(id)
  expect(written).toEqual([])
  await batch.flush()
  await batch.flush()

  expect(written).toEqual([users.length])
  const { rows } = await servers.db.query(
    `SELECT count(*)::int AS n FROM users WHERE id = ANY ($1) AND last_seen > now() - interval '1 minute'`,
    [users.map(({ id }) => id)],
  )
  expect(rows).toEqual([{ n: users.length }])
})

test('lastSeen is written in few statements, however many ping', async () => {
  await servers.db.query('SELECT 1')
  const users = await Promise.all(Array.from({ length: 20 }, () => servers.user()))
  const tabs = await Promise.all(users.map((user) => user.connectNotifications()))
  const written = async () => {
    const { rows } = await servers.db.query(`SELECT n_tup_upd AS n FROM pg_stat_user_tables WHERE relname = 'users'`)
    return Number(rows[0].n)
  }
  await servers.db.query(`UPDATE users SET last_seen = now() - interval '1 hour'`)
  const before = await written()
  for (let round = 0; round < 20; round++) await Promise.all(tabs.map((tab) => asked(tab, 'ping', undefined)))

  await waitFor(async () => {
    const { rows } = await servers.db.query(
      `SELECT count(*)::int AS n FROM users WHERE id = ANY ($1) AND last_seen > now() - interval '1 minute'`,
      [users.map((user) => user.id)],
    )
    return rows[0].n === users.length
  })
  // 400 pings within a batch or three: far fewer row updates than pings.
  expect((await written()) - before).toBeLessThan(200)
})
