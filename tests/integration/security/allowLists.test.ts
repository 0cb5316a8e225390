import { io } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { type Network, parseNetwork } from '@/lib/http/allowLists'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { adminUser } from '../metrics/support'

const networks = (text: string) => [parseNetwork(text)].filter((network): network is Network => network !== undefined)

/** In front of each port stands one proxy, which says by whom it was called; these lists have that address. */
const listed = '203.0.113.7'
const lists = { admin: networks('203.0.113.0/24'), service: networks(listed), metrics: networks(listed) }

let servers: TestServers
let ada: TestUser
let url: string
let bearer: Record<string, string>

beforeAll(async () => {
  servers = await startServers({
    webEnv: {
      TRUSTED_PROXY_HOPS: '1',
      ADMIN_ALLOWED_IPS: '203.0.113.0/24',
      SERVICE_ALLOWED_IPS: listed,
      METRICS_ALLOWED_IPS: listed,
    },
  })
  url = (await servers.startSocket({ allowLists: lists, trustedProxyHops: 1 })).url
  ada = await adminUser(servers)
  bearer = { authorization: `Bearer ${servers.serviceKey}` }
})

/** What each door answers to a caller whom our proxy saw at this address. */
async function statuses(forwardedFor: string | undefined): Promise<Record<string, number>> {
  const from: Record<string, string> = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  const notification = { userId: ada.id, title: 'Hello', message: 'There.' }
  const answers = {
    admin: await http(url, 'GET', '/admin/rooms', undefined, { ...bearer, ...from }),
    presence: await http(url, 'GET', '/users/online', undefined, { ...bearer, ...from }),
    metrics: await http(url, 'GET', '/metrics', undefined, from),
    notify: await http(servers.webUrl, 'POST', '/api/notifications', notification, { ...bearer, ...from }),
    webhooks: await http(servers.webUrl, 'GET', '/api/webhooks', undefined, { ...bearer, ...from }),
    webhooksAsAdmin: await ada.http('GET', '/api/webhooks', undefined, from),
    system: await ada.http('POST', '/api/system/notifications', { title: 'Hello', message: 'There.' }, from),
    people: await ada.http('GET', '/api/chat/rooms', undefined, from),
  }
  return Object.fromEntries(Object.entries(answers).map(([door, { status }]) => [door, status]))
}

const open = {
  admin: 200,
  presence: 200,
  metrics: 200,
  notify: 201,
  webhooks: 200,
  webhooksAsAdmin: 200,
  system: 201,
  people: 200,
}
const closed = {
  admin: 403,
  presence: 403,
  metrics: 403,
  notify: 403,
  webhooks: 403,
  webhooksAsAdmin: 403,
  system: 403,
  people: 200,
}

test('who comes from a listed address finds every door open', async () => {
  expect(await statuses(listed)).toEqual(open)
  expect(await statuses(`198.51.100.1, ${listed}`)).toEqual(open)
  expect(await statuses(`${listed}:51234`)).toEqual(open)
})

test('who does not, or forges the header, finds those of admins, services and Prometheus closed', async () => {
  expect(await statuses('198.51.100.1')).toEqual(closed)
  // What our proxy added stands at the end; the rest is the caller's invention.
  expect(await statuses(`${listed}, 198.51.100.1`)).toEqual(closed)
  expect(await statuses('nonsense')).toEqual(closed)
  expect(await statuses(undefined)).toEqual(closed)
})

test('a key of a service is held to the list of services, also where administrators may do the same', async () => {
  const from = { 'x-forwarded-for': '203.0.113.8' } // of the administrators' network
  expect((await ada.http('GET', '/api/webhooks', undefined, from)).status).toBe(200)
  expect(await http(servers.webUrl, 'GET', '/api/webhooks', undefined, { ...bearer, ...from })).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining('SERVICE_ALLOWED_IPS') } },
  })
})

test('what a browser says to a proxy before us makes nobody a service', async () => {
  const proxied = { authorization: 'Basic c3RhZ2luZzpzZWNyZXQ=', 'x-forwarded-for': listed }
  expect((await ada.http('GET', '/api/webhooks', undefined, proxied)).status).toBe(200)
})

test('the refusal says what an operator can do', async () => {
  const { body } = await http(url, 'GET', '/admin/rooms', undefined, { ...bearer, 'x-forwarded-for': '198.51.100.1' })
  expect(body).toMatchObject({
    error: {
      code: 'FORBIDDEN',
      message: 'This may not be used from 198.51.100.1. The operator can add it to ADMIN_ALLOWED_IPS.',
    },
  })
})

test('without trusted proxies the header counts for nothing on either port', async () => {
  const direct = await servers.startSocket({ allowLists: lists, trustedProxyHops: 0 })
  const answer = await http(direct.url, 'GET', '/metrics', undefined, { 'x-forwarded-for': listed })
  expect(answer.status).toBe(403)
})

test('the namespace /admin is closed like the rest; people come in all the same', async () => {
  const connect = async (namespace: string, forwardedFor: string) => {
    const client = io(url + namespace, {
      auth: { token: await ada.token(namespace) },
      extraHeaders: { 'x-forwarded-for': forwardedFor },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    })
    onTeardown(() => void client.disconnect())
    return new Promise((resolve) => {
      client.once('connect', () => resolve('connected'))
      client.once('connect_error', (error) => resolve('data' in error ? error.data : error))
    })
  }
  expect(await connect('/admin', listed)).toBe('connected')
  expect(await connect('/admin', '198.51.100.1')).toMatchObject({ code: 'FORBIDDEN' })
  expect(await connect('/admin', `${listed}, 198.51.100.1`)).toMatchObject({ code: 'FORBIDDEN' })
  expect(await connect('/chat', '198.51.100.1')).toBe('connected')
})
