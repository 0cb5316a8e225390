import { io } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { AuditPage } from '@/contracts/audit'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { adminUser } from '../metrics/support'

let servers: TestServers
let admin: TestUser

beforeAll(async () => {
  servers = await startServers()
  admin = await adminUser(servers)
})

const read = async (query: string) => {
  const answer = await admin.http('GET', `/api/admin/audit?${query}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return AuditPage.parse(answer.body)
}

const insert = (rows: string) =>
  servers.db.query(`INSERT INTO audit_log (at, action, outcome, actor, actor_id, transport) VALUES ${rows}`)

test('is for those who may read it, on both addresses', async () => {
  const bob = await servers.user('Bob')
  for (const path of ['/api/admin/audit', '/api/admin/audit/export']) {
    expect(await bob.http('GET', path)).toMatchObject({ status: 403 })
    expect(await http(servers.webUrl, 'GET', path)).toMatchObject({ status: 401 })
    const key = { authorization: `Bearer ${servers.serviceKey}` }
    expect(await http(servers.webUrl, 'GET', path, undefined, key)).toMatchObject({ status: 401 })
  }
})

test('comes in pages, newest first, that neither repeat nor leave out an entry while new ones are written', async () => {
  await insert(
    Array.from(
      { length: 25 },
      (_, i) => `('2020-01-01T00:00:${String(i).padStart(2, '0')}Z', 'paged', 'ok', 'P', 'p', 'http')`,
    ).join(','),
  )
  const seen: string[] = []
  let cursor = ''
  do {
    const page = await read(`action=paged&limit=10${cursor && `&cursor=${cursor}`}`)
    seen.push(...page.entries.map(({ at }) => at))
    cursor = page.nextCursor ?? ''
    if (seen.length === 10) await insert(`(now(), 'paged', 'ok', 'P', 'p', 'http')`)
  } while (cursor)
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `2020-01-01T00:00:${String(24 - i).padStart(2, '0')}.000Z`))
  expect(await admin.http('GET', '/api/admin/audit?cursor=nonsense')).toMatchObject({ status: 400 })
})

test('is searched by person, action and time', async () => {
  await insert(`('2021-05-01T10:00:00Z', 'role.change', 'ok', 'Zoë 50%_\\\\', 'zoe-1', 'http'),
    ('2021-05-02T10:00:00Z', 'role.look', 'FORBIDDEN', 'zoë Quast', 'zoe-2', 'http'),
    ('2021-05-03T10:00:00Z', 'roleless', 'ok', 'Mel', 'mel', 'http')`)
  const ids = async (query: string) => (await read(query)).entries.map(({ actorId }) => actorId)
  expect(await ids('actor=zoe-1')).toEqual(['zoe-1'])
  expect(await ids(`actor=${encodeURIComponent('ZOË')}`)).toEqual(['zoe-2', 'zoe-1'])
  expect(await ids(`actor=${encodeURIComponent('Zoë 50%_\\')}`)).toEqual(['zoe-1'])
  expect(await ids(`actor=${encodeURIComponent('%')}`)).toEqual([])
  expect(await ids('action=role.')).toEqual(['zoe-2', 'zoe-1'])
  expect(await ids('action=role_')).toEqual([])
  expect(await ids('from=2021-05-02T00:00:00Z&to=2021-05-03T10:00:00Z')).toEqual(['zoe-2'])
  expect(await ids(`actor=${encodeURIComponent("'; DROP TABLE audit_log --")}`)).toEqual([])
  for (const from of ['yesterday', '0000-01-01T00:00:00Z', '2021-05-01']) {
    expect(await admin.http('GET', `/api/admin/audit?from=${from}`)).toMatchObject({ status: 400 })
  }
  expect(await ids('from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&action=role.')).toEqual(['zoe-2', 'zoe-1'])
})

test('is exported as CSV, which is itself kept', async () => {
  await insert(`('2019-01-01T10:00:00Z', 'exported', 'ok', '=1+1', 'x', 'http')`)
  const response = await fetch(`${servers.webUrl}/api/admin/audit/export?action=exported`, {
    headers: { cookie: admin.cookie },
  })
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const lines = (await response.text()).trimEnd().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(`"exported","ok","'=1+1","x"`)
  await waitFor(async () => (await read(`action=exportAudit&actor=${admin.id}`)).entries.length === 1)
})

test('connections are kept, when they begin and when they end', async () => {
  const eve = await servers.user('Eve')
  const client = await eve.connect()
  const { id } = client
  client.disconnect()
  await waitFor(async () => (await read(`actor=${eve.id}&action=connection`)).entries.length === 2)
  const [close, open] = (await read(`actor=${eve.id}&action=connection`)).entries
  expect(open).toMatchObject({
    action: 'connection.open',
    target: id,
    transport: 'socket',
    address: '127.0.0.1',
    details: { namespace: '/chat' },
    sessionId: expect.any(String),
  })
  expect(close).toMatchObject({
    action: 'connection.close',
    target: id,
    details: { namespace: '/chat', reason: 'client namespace disconnect', seconds: expect.any(Number) },
  })
})

test('a hundred refused handshakes are one entry with their number, at the latest when the process stops', async () => {
  const { url, app } = await servers.startSocket()
  const refused = Array.from({ length: 100 }, () => {
    const client = io(`${url}/chat`, {
      auth: { token: 'forged' },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    })
    onTeardown(() => void client.disconnect())
    return new Promise((resolve) => client.once('connect_error', resolve))
  })
  await Promise.all(refused)
  await app.close()
  const { entries } = await read('action=connection.refused')
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({
    actor: 'nobody',
    address: '127.0.0.1',
    outcome: 'UNAUTHENTICATED',
    details: { count: 100 },
  })
})

test('what is past its retention goes when a process starts', async () => {
  await insert(
    Array.from({ length: 3 }, () => `(now() - interval '100 days', 'ancient', 'ok', 'A', 'a', 'http')`).join(','),
  )
  const ancient = async () => (await read('action=ancient')).entries.length
  expect(await ancient()).toBe(3)
  await Promise.all([servers.startSocket({ auditRetentionDays: 90 }), servers.startSocket({ auditRetentionDays: 90 })])
  await waitFor(async () => (await ancient()) === 0)
})
