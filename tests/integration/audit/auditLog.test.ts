import { beforeAll, expect, test } from 'vitest'
import { onlyLimits } from '../../support/servers/rateLimits'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { adminUser } from '../metrics/support'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ sockets: 1 })
})

const entriesOf = async (action: string, actorId: string | null) =>
  (
    await servers.db.query(
      'SELECT * FROM audit_log WHERE action = $1 AND actor_id IS NOT DISTINCT FROM $2 ORDER BY id',
      [action, actorId],
    )
  ).rows

test('who signs in, and who tries to, is kept with where they came from', async () => {
  const user = await servers.user('Ines')
  const login = (password: string) =>
    http(
      servers.webUrl,
      'POST',
      '/api/auth/login',
      { email: user.email, password },
      { 'X-Correlation-Id': `of-${user.id}` },
    )
  await login(user.password)
  await login('something else')

  await waitFor(async () => (await entriesOf('login', user.id)).length === 1)
  const [entry] = await entriesOf('login', user.id)
  expect(entry).toMatchObject({
    outcome: 'ok',
    actor: 'Ines',
    transport: 'http',
    address: '127.0.0.1',
    correlation_id: `of-${user.id}`,
  })
  await waitFor(async () =>
    (await entriesOf('login', null)).some(
      ({ outcome, correlation_id }) => outcome === 'UNAUTHENTICATED' && correlation_id === `of-${user.id}`,
    ),
  )
})

test('who signs out is kept with it, and a cookie of nobody leaves no line', async () => {
  const user = await servers.user('Noor')
  expect((await user.http('POST', '/api/auth/logout')).status).toBe(204)
  expect((await user.http('POST', '/api/auth/logout')).status).toBe(204)
  const entries = await entriesOf('session.end', user.id)
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({ outcome: 'ok', actor: 'Noor', address: '127.0.0.1' })
  expect(entries[0].target).toBe(entries[0].session_id)
})

test('entries cannot be changed, removed or swept away, even by the owner of the table', async () => {
  const refused = { code: '42501', message: 'audit_log is append-only' }
  await servers.db.query(
    `INSERT INTO audit_log (action, outcome, actor, transport) VALUES ('kept', 'ok', 'system', 'system')`,
  )
  await expect(servers.db.query(`UPDATE audit_log SET actor = 'nobody'`)).rejects.toMatchObject(refused)
  await expect(servers.db.query('DELETE FROM audit_log')).rejects.toMatchObject(refused)
  await expect(servers.db.query('TRUNCATE audit_log')).rejects.toMatchObject(refused)
  expect(await entriesOf('kept', null)).toHaveLength(1)
})

test('what is past its retention is purged, a bounded number at a time, and nothing younger than a day', async () => {
  await servers.db.query(
    `INSERT INTO audit_log (at, action, outcome, actor, transport)
     SELECT now() - days * interval '1 day', 'old', 'ok', 'system', 'system' FROM unnest(ARRAY[100, 95, 91, 89, 0]) AS days`,
  )
  const purge = async (days: number, atMost: number) =>
    (await servers.db.query('SELECT purge_audit_log($1, $2) AS purged', [days, atMost])).rows[0].purged
  expect(await purge(90, 2)).toBe(2)
  expect(await purge(90, 10)).toBe(1)
  expect(await purge(90, 10)).toBe(0)
  expect(await entriesOf('old', null)).toHaveLength(2)
  expect(await purge(0, 10)).toBe(1)
  expect(await entriesOf('old', null)).toHaveLength(1)
  // The right to purge ends with the function.
  await expect(servers.db.query('DELETE FROM audit_log')).rejects.toMatchObject({ code: '42501' })
})

test('an input that the database cannot hold keeps nothing from being written', async () => {
  const admin = await adminUser(servers)
  const socket = await admin.connectAdmin()
  expect(await ask(socket, 'admin:disconnect', { id: 'no\u0000id' })).toMatchObject({ ok: false })
  expect(await ask(socket, 'admin:disconnect', { id: 'nobody' })).toMatchObject({ ok: false })
  await waitFor(async () => (await entriesOf('admin:disconnect', admin.id)).length === 2)
  const entries = await entriesOf('admin:disconnect', admin.id)
  expect(entries.map(({ outcome, target }) => [outcome, target])).toEqual([
    ['BAD_REQUEST', null],
    ['NOT_FOUND', 'nobody'],
  ])
})

test('whoever goes on beyond a limit fills no log with it: one entry a minute says how often', async () => {
  const { url, app } = await servers.startSocket({ rateLimits: onlyLimits({ admin: { points: 2, seconds: 60 } }) })
  const admin = await adminUser(servers)
  const socket = await admin.connectAdmin({ url })
  for (let i = 0; i < 52; i += 1) await ask(socket, 'admin:disconnect', { id: 'nobody' })
  await app.close()
  const entries = await entriesOf('admin:disconnect', admin.id)
  expect(entries.map(({ outcome, details }) => [outcome, details.count])).toEqual([
    ['NOT_FOUND', undefined],
    ['NOT_FOUND', undefined],
    ['RATE_LIMITED', 50],
  ])
})
