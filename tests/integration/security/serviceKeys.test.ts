import { beforeAll, expect, test } from 'vitest'
import { serviceScopes } from '@/contracts/permissions'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

const keyOf = (name: string) => name.padEnd(32, '-')
const keys = [
  ...serviceScopes.map((scope) => ({ name: `only-${scope}`, key: keyOf(scope), scopes: [scope] })),
  { name: 'only-notify', key: keyOf('next-notify'), scopes: ['notify' as const] },
]

let servers: TestServers
let web: string
let socket: string

beforeAll(async () => {
  servers = await startServers({
    webEnv: {
      APP_ENV: 'test',
      SERVICE_KEYS: keys.map(({ name, key, scopes }) => `${name}:${key}:${scopes.join('+')}`).join(','),
      RATE_LIMIT_SERVICE: '20/60',
    },
  })
  web = servers.webUrl
  socket = (await servers.startSocket({ serviceKeys: keys, appEnv: 'production' })).url
})

const call = async (base: string, address: string, key: string, body?: unknown) => {
  const [method = '', path = ''] = address.split(' ')
  return http(base, method, path, body, { authorization: `Bearer ${key}` })
}

test('each door of port 3001 opens to its own scope and to no other', async () => {
  const doors: [address: string, scope: (typeof serviceScopes)[number], body?: unknown][] = [
    ['GET /metrics', 'metrics'],
    ['GET /users/online', 'presence'],
    ['POST /users/status/bulk', 'presence', { userIds: [] }],
    ['GET /admin/connections', 'admin'],
    ['GET /admin/rooms', 'admin'],
    ['GET /admin/metrics', 'admin'],
  ]
  for (const [address, scope, body] of doors) {
    for (const given of serviceScopes) {
      const answer = await call(socket, address, keyOf(given), body)
      if (given === scope) expect(answer.status, `${address} by ${given}`).toBe(200)
      else {
        expect(answer, `${address} by ${given}`).toMatchObject({
          status: 403,
          body: { error: { code: 'FORBIDDEN', message: expect.stringContaining(`lacks the scope "${scope}"`) } },
        })
      }
    }
    expect((await call(socket, address, keyOf('nobody'), body)).status, address).toBe(401)
    expect((await call(socket, address, servers.serviceKey, body)).status, address).toBe(200)
  }
})

test('two keys of one name work at once, each use is kept under that name, and together they have a limit', async () => {
  const ada = await servers.user('Ada')
  const notification = { userId: ada.id, title: 'Deployed', message: 'Version 42.', type: 'info' }
  const notify = (key: string) => call(web, 'POST /api/notifications', key, notification)
  expect((await notify(keyOf('notify'))).status).toBe(201)
  const withNext = await notify(keyOf('next-notify'))
  expect(withNext.status).toBe(201)
  expect(withNext.headers.get('ratelimit-remaining')).toBe('18')
  expect(await notify(keyOf('metrics'))).toMatchObject({ status: 403 })

  const actors = async () =>
    (await servers.db.query(`SELECT actor, outcome FROM audit_log WHERE action = 'createNotifications' ORDER BY id`))
      .rows
  await waitFor(async () => (await actors()).length === 3)
  expect(await actors()).toEqual([
    { actor: 'only-notify', outcome: 'ok' },
    { actor: 'only-notify', outcome: 'ok' },
    { actor: 'only-metrics', outcome: 'FORBIDDEN' },
  ])

  for (let i = 0; i < 18; i++) await notify(keyOf('notify'))
  expect(await notify(keyOf('next-notify'))).toMatchObject({ status: 429, body: { error: { code: 'RATE_LIMITED' } } })
})
