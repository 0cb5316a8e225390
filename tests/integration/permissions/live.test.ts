import { randomUUID } from 'node:crypto'
import { Manager } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { type Permission, permissions } from '@/contracts/permissions'
import { newAdmin, setPermissions } from '../../support/servers/permissions'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, heard, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

/** What is promised: 5 s; the rest is for a busy machine. */
const SOON = { timeoutMs: 6_500 }

let servers: TestServers
let grace: TestUser

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  grace = await servers.user('Grace')
})

const userPermissions = permissions.filter((name) => !name.startsWith('admin:'))
const permissionsOf = async (user: TestUser): Promise<string[]> => {
  const { rows } = await servers.db.query('SELECT permissions FROM users WHERE id = $1', [user.id])
  return rows[0].permissions
}
const sorted = (names: readonly string[]) => [...names].sort()

test('the role decides, and for each person what is added and removed', async () => {
  const [user, admin] = [await servers.user(), await newAdmin(servers)]
  expect(await permissionsOf(user)).toEqual(sorted(userPermissions))
  expect(await permissionsOf(admin)).toEqual(sorted(permissions))

  await setPermissions(servers, user, { added: ['admin:view-health', 'chat:read'], removed: ['chat:write'] })
  const expected = userPermissions.filter((name) => name !== 'chat:write').concat('admin:view-health')
  expect(await permissionsOf(user)).toEqual(sorted(expected))
  const { body } = await user.http('GET', '/api/auth/session')
  expect(sorted((body as { user: { permissions: string[] } }).user.permissions)).toEqual(sorted(expected))

  await servers.db.query(`UPDATE users SET permissions = ARRAY['admin:manage-users'] WHERE id = $1`, [user.id])
  expect(await permissionsOf(user), 'the column follows the tables').toEqual(sorted(expected))
})

test('changes of one person’s role and list at the same moment all count', async () => {
  for (let round = 0; round < 20; round++) {
    const user = await servers.user()
    await Promise.all([
      servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [user.id]),
      ...(['chat:write', 'chat:read', 'admin:view-audit'] as const).map((name) =>
        servers.db.query('INSERT INTO user_permissions VALUES ($1, $2, false)', [user.id, name]),
      ),
    ])
    const left = permissions.filter((name) => !['chat:write', 'chat:read', 'admin:view-audit'].includes(name))
    expect(await permissionsOf(user)).toEqual(sorted(left))
  }
})

/** NOTIFY makes it sooner; without it the check every few seconds must do. */
const ways: [how: string, isAnnounced: boolean][] = [
  ['announced', true],
  ['not heard of', false],
]

test.each(ways)(
  'a permission that is taken and given back, %s, counts for sockets that stay open',
  async (_, isAnnounced) => {
    const ada = await servers.user('Ada')
    const { id: roomId } = await directRoom(ada, grace)
    const sockets = await Promise.all(servers.sockets.map(({ url }) => ada.connect({ url })))
    const told = sockets.map((socket) => heard(socket, 'permissionsUpdated'))
    const ids = sockets.map(({ id }) => id)
    const send = () => ({ roomId, message: 'may I?', clientId: randomUUID() })
    const latest = (list: { permissions: Permission[] }[]) => list.at(-1)?.permissions.includes('chat:write')
    if (!isAnnounced) await servers.db.query('ALTER TABLE users DISABLE TRIGGER announce_user')
    try {
      await setPermissions(servers, ada, { removed: ['chat:write'] })
      await waitFor(() => told.every((list) => latest(list) === false), SOON)
      for (const socket of sockets) {
        expect(await ask(socket, 'sendMessage', send())).toMatchObject({
          ok: false,
          error: {
            code: 'FORBIDDEN',
            message: 'Your account may not write messages. An administrator can change that.',
          },
        })
        expect(await ask(socket, 'joinRoom', { roomId })).toMatchObject({ ok: true })
      }
      expect(await ada.http('POST', '/api/chat/messages', send())).toMatchObject({ status: 403 })

      await setPermissions(servers, ada, {})
      await waitFor(() => told.every((list) => latest(list) === true), SOON)
      for (const socket of sockets) expect(await ask(socket, 'sendMessage', send())).toMatchObject({ ok: true })
      expect(
        sockets.map(({ id }) => id),
        'no connection was closed',
      ).toEqual(ids)
    } finally {
      await servers.db.query('ALTER TABLE users ENABLE TRIGGER announce_user')
    }
  },
)

test('a role’s permission that is taken counts for everybody with that role', async () => {
  const ada = await servers.user('Ada')
  const socket = await ada.connectNotifications()
  const told = heard(socket, 'permissionsUpdated')
  await servers.db.query(`DELETE FROM role_permissions WHERE role = 'user' AND permission = 'presence:read'`)
  try {
    await waitFor(() => told.at(-1)?.permissions.includes('presence:read') === false, SOON)
    expect(await ask(socket, 'presence:sync', undefined)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
    const newcomer = await servers.user()
    expect(await newcomer.http('GET', '/api/presence')).toMatchObject({ status: 403 })
  } finally {
    await servers.db.query(`INSERT INTO role_permissions VALUES ('user', 'presence:read')`)
  }
})

test('who may not stay in a namespace is taken out of it, and stays in the others of the same connection', async () => {
  const ada = await servers.user('Ada')
  const manager = new Manager(servers.sockets.at(-1)?.url ?? '', { transports: ['websocket'], reconnection: false })
  const open = async (namespace: string) => {
    const socket = manager.socket(namespace, { auth: { token: await ada.token(namespace) } })
    onTeardown(() => {
      socket.disconnect()
    })
    await waitFor(() => socket.connected)
    return socket
  }
  const [chat, notifications] = [await open('/chat'), await open('/notifications')]
  await setPermissions(servers, ada, { removed: ['chat:read'] })
  await waitFor(() => chat.disconnected, SOON)
  expect(notifications.connected).toBe(true)
  await expect(ada.connect()).rejects.toThrow()
  expect(await ada.http('GET', '/api/auth/session-token?namespace=/chat')).toMatchObject({ status: 403 })

  await setPermissions(servers, ada, {})
  expect((await ada.connect()).connected).toBe(true)
})

const namespaceRows: [namespace: string, permission: Permission, connect: (user: TestUser) => Promise<unknown>][] = [
  ['/chat', 'chat:read', (user) => user.connect()],
  ['/notifications', 'notifications:read', (user) => user.connectNotifications()],
  ['/admin', 'admin:view-health', (user) => user.connectAdmin()],
]

test.each(namespaceRows)('the handshake of %s asks for %s, whatever the token says', async (namespace, permission) => {
  const admin = await newAdmin(servers)
  const token = await admin.token(namespace)
  await setPermissions(servers, admin, { removed: [permission] })
  const manager = new Manager(servers.sockets[0].url, { transports: ['websocket'], reconnection: false })
  const socket = manager.socket(namespace, { auth: { token } })
  onTeardown(() => {
    socket.disconnect()
  })
  const refused = await new Promise((resolve) => socket.once('connect_error', resolve))
  expect(refused).toMatchObject({ data: { code: 'FORBIDDEN' } })
})

test('an account that is disabled is signed out everywhere, and cannot sign in', async () => {
  const [ada, admin] = [await servers.user('Ada'), await newAdmin(servers)]
  const sockets = await Promise.all(servers.sockets.map(({ url }) => ada.connect({ url })))
  const bystander = await grace.connect()

  expect(await admin.http('PATCH', `/api/admin/users/${ada.id}`, { disabled: true })).toMatchObject({
    status: 200,
    body: { disabled: true, sessions: 0 },
  })
  await waitFor(() => sockets.every((socket) => socket.disconnected), SOON)
  expect(bystander.connected).toBe(true)
  expect(await ada.http('GET', '/api/auth/session')).toMatchObject({ status: 401 })
  const login = () => http(servers.webUrl, 'POST', '/api/auth/login', { email: ada.email, password: ada.password })
  expect(await login()).toMatchObject({
    status: 403,
    body: { error: { message: 'This account is disabled. An administrator can open it again.' } },
  })
  const wrong = await http(servers.webUrl, 'POST', '/api/auth/login', { email: ada.email, password: 'wrong' })
  expect(wrong, 'who does not know the password is not told').toMatchObject({ status: 401 })

  await admin.http('PATCH', `/api/admin/users/${ada.id}`, { disabled: false })
  expect(await login()).toMatchObject({ status: 200 })
})

test('a session that was made while its account was disabled counts nowhere', async () => {
  const ada = await servers.user('Ada')
  const token = await ada.token('/chat')
  const socket = await ada.connect()
  await servers.db.query('UPDATE users SET disabled_at = now() WHERE id = $1', [ada.id])
  await waitFor(() => socket.disconnected, SOON)
  expect(await ada.http('GET', '/api/auth/session')).toMatchObject({ status: 401 })
  const late = new Manager(servers.sockets[0].url, { transports: ['websocket'], reconnection: false }).socket('/chat', {
    auth: { token },
  })
  onTeardown(() => {
    late.disconnect()
  })
  expect(await new Promise((resolve) => late.once('connect_error', resolve))).toMatchObject({
    data: { code: 'SESSION_EXPIRED' },
  })
})

test('who may begin conversations and not read them is shown no message by opening one', async () => {
  const ada = await servers.user('Ada')
  await directRoom(ada, grace)
  await setPermissions(servers, ada, { removed: ['chat:read'] })
  expect(await ada.http('POST', '/api/chat/rooms', { participantId: grace.id })).toMatchObject({
    status: 403,
    body: { error: { message: 'Your account may not read chats. An administrator can change that.' } },
  })
})
