import { io } from 'socket.io-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { ConnectionsPage, Metrics, SocketRoomsPage } from '@/contracts/admin'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import { heard, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { adminUser } from './support'

let servers: TestServers
let here: SocketInstance
let production: SocketInstance
let ada: TestUser
let bob: TestUser
let serviceKey: Record<string, string>

beforeAll(async () => {
  servers = await startServers()
  here = servers.sockets[0]
  production = await servers.startSocket({ appEnv: 'production' })
  ada = await adminUser(servers)
  bob = await servers.user('Bob')
  serviceKey = { authorization: `Bearer ${servers.serviceKey}` }
})

const bearer = async (user: TestUser, namespace = '/admin-api') => ({
  authorization: `Bearer ${await user.token(namespace)}`,
})

describe('GET /metrics', () => {
  const accepting = (accept?: string) => fetch(`${here.url}/metrics`, { headers: accept ? { accept } : {} })

  test.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json; charset=utf-8'],
    ['application/json;q=0.5, text/plain', 'text/plain; version=0.0.4; charset=utf-8'],
    ['text/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/json, text/plain;q=0.9', 'application/json; charset=utf-8'],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    ],
  ])('answers "Accept: %s" with %s', async (accept, type) => {
    const response = await accepting(accept)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type])
  })

  test('is open to everyone in development, else with METRICS_PUBLIC, else with the service key', async () => {
    const status = async (url: string, headers = {}) => (await fetch(`${url}/metrics`, { headers })).status
    const opened = await servers.startSocket({ appEnv: 'production', metricsPublic: true })
    const staging = await servers.startSocket({ appEnv: 'staging' })
    expect(await status(here.url)).toBe(200)
    expect(await status(opened.url)).toBe(200)
    expect(await status(production.url)).toBe(401)
    expect(await status(staging.url)).toBe(401)
    expect(await status(production.url, { authorization: 'Bearer wrong' })).toBe(401)
    expect(await status(production.url, await bearer(ada))).toBe(401)
    expect(await status(production.url, serviceKey)).toBe(200)
  })

  test('is JSON as its contract says', async () => {
    const body: unknown = await (await accepting()).json()
    expect(Metrics.parse(body)).toEqual(body)
  })
})

describe('the namespace /admin', () => {
  test('refuses whoever may not administer, also with a token from when they did', async () => {
    const former = await adminUser(servers, 'Former')
    const token = await former.token('/admin')
    await servers.db.query("UPDATE users SET role = 'user' WHERE id = $1", [former.id])
    const client = io(`${here.url}/admin`, { auth: { token }, forceNew: true, reconnection: false })
    onTeardown(() => void client.disconnect())
    const error = await new Promise((resolve) => client.once('connect_error', resolve))
    expect(error).toMatchObject({ data: { code: 'FORBIDDEN', retryable: false } })

    expect(await bob.http('GET', '/api/auth/session-token?namespace=/admin')).toMatchObject({ status: 403 })
    const withChatToken = io(`${here.url}/admin`, {
      auth: { token: await bob.token() },
      forceNew: true,
      reconnection: false,
    })
    onTeardown(() => void withChatToken.disconnect())
    const refused = await new Promise((resolve) => withChatToken.once('connect_error', resolve))
    expect(refused).toMatchObject({ data: { code: 'UNAUTHENTICATED' } })
  })

  test('lets go of somebody who loses the role, within seconds', async () => {
    const former = await adminUser(servers, 'Former')
    const client = await former.connectAdmin()
    const updates = heard(client, 'metrics:update')
    await servers.db.query("UPDATE users SET role = 'user' WHERE id = $1", [former.id])
    await waitFor(() => client.disconnected, { timeoutMs: 15_000 })
    expect(updates).toEqual([])
  })
})

describe('/admin over REST', () => {
  const get = (path: string, headers: Record<string, string>) => http(production.url, 'GET', path, undefined, headers)

  test('is for the service key and for administrators', async () => {
    for (const path of ['/admin/connections', '/admin/rooms']) {
      expect(await get(path, {})).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } })
      expect(await get(path, await bearer(bob, '/chat'))).toMatchObject({ status: 401 })
      expect(await get(path, serviceKey)).toMatchObject({ status: 200 })
      expect(await get(path, await bearer(ada))).toMatchObject({ status: 200 })
    }
    const former = await adminUser(servers, 'Former')
    const token = await bearer(former)
    await servers.db.query("UPDATE users SET role = 'user' WHERE id = $1", [former.id])
    expect(await get('/admin/connections', token)).toMatchObject({
      status: 403,
      body: { error: { code: 'FORBIDDEN' } },
    })
    await former.http('POST', '/api/auth/logout')
    expect(await get('/admin/connections', token)).toMatchObject({ status: 401 })
  })

  test('lists, in pages, and says what is wrong with a question', async () => {
    await bob.connect({ url: production.url })
    await bob.connectNotifications({ url: production.url })
    const first = await get('/admin/connections?query=bob&limit=1&sort=namespace', serviceKey)
    const page = ConnectionsPage.parse(first.body)
    expect(page).toMatchObject({ total: 2, connections: [{ namespace: '/chat', userName: 'Bob', userId: bob.id }] })
    const next = `/admin/connections?query=bob&limit=1&sort=namespace&cursor=${page.nextCursor}`
    expect((await get(next, serviceKey)).body).toMatchObject({
      nextCursor: null,
      connections: [{ namespace: '/notifications' }],
    })
    const rooms = SocketRoomsPage.parse((await get('/admin/rooms?sort=-size&query=user:', serviceKey)).body)
    expect(rooms.rooms).toContainEqual({ name: `user:${bob.id}`, prefix: 'user', namespace: '/chat', size: 1 })
    expect(await get('/admin/connections?sort=shoeSize', serviceKey)).toMatchObject({ status: 400 })
    expect(await get('/admin/connections?cursor=nonsense', serviceKey)).toMatchObject({ status: 400 })
  })

  test('closes a connection, unless a page of another origin asks', async () => {
    const client = await bob.connect({ url: production.url })
    const path = `/admin/disconnect/${client.id}`
    const post = (headers: Record<string, string>) => http(production.url, 'POST', path, undefined, headers)
    expect(await post({ ...serviceKey, origin: 'http://evil.example' })).toMatchObject({ status: 403 })
    expect(await post(await bearer(bob, '/chat'))).toMatchObject({ status: 401 })
    expect(client.connected).toBe(true)
    const { id } = client
    expect(await post(await bearer(ada))).toMatchObject({ status: 200, body: { id, instance: expect.any(String) } })
    await waitFor(() => client.disconnected)
    expect(await post(serviceKey)).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
  })
})
