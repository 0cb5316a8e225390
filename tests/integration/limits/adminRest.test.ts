import { expect, test } from 'vitest'
import { startServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'
import { adminUser } from '../metrics/support'

test('an administrator is limited over REST as everywhere, with the headers; whoever has the service key is not', async () => {
  const servers = await startServers({ limits: { admin: { points: 2, seconds: 60 } } })
  const { url } = servers.sockets[0]
  const get = (key: string) => http(url, 'GET', '/admin/rooms', undefined, { authorization: `Bearer ${key}` })

  for (let i = 0; i < 5; i++) expect((await get(servers.serviceKey)).status).toBe(200)

  const admin = await adminUser(servers)
  const first = await get(await admin.token('/admin-api'))
  expect(first.status).toBe(200)
  expect(first.headers.get('ratelimit-remaining')).toBe('1')
  await get(await admin.token('/admin-api'))
  const refused = await get(await admin.token('/admin-api'))
  expect(refused).toMatchObject({ status: 429, body: { error: { code: 'RATE_LIMITED' } } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})
