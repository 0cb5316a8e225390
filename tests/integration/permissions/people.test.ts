import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { Account, AccountsPage } from '@/contracts/people'
import { newAdmin, setPermissions } from '../../support/servers/permissions'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { HttpAnswer, TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let admin: TestUser

beforeAll(async () => {
  servers = await startServers()
  admin = await newAdmin(servers, 'Root')
})

const change = (by: TestUser, who: TestUser, body: unknown) => by.http('PATCH', `/api/admin/users/${who.id}`, body)
const account = ({ body }: HttpAnswer) => body as Account // the contract's answer
const refused = (message: RegExp) => ({
  status: 403,
  body: { error: { code: 'FORBIDDEN', message: expect.stringMatching(message) } },
})

test('people are found by part of name or address, by name and page by page', async () => {
  const tag = randomUUID().slice(0, 8)
  await servers.db.query(
    `INSERT INTO users (id, email, name) SELECT $1 || n, $1 || n || '@example.com', (CASE n % 2 WHEN 0 THEN 'zoë ' ELSE 'Zoë ' END) || $1
     FROM generate_series(1, 120) n`,
    [tag],
  )
  const found: Account[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await admin.http('GET', `/api/admin/users?query=${tag}&cursor=${cursor}`)
    const page = body as AccountsPage // the contract's answer
    found.push(...page.users)
    cursor = page.nextCursor
    expect(page.roles.admin).toContain('admin:manage-users')
    expect(page.roles.user).not.toContain('admin:manage-users')
  }
  expect(new Set(found.map(({ id }) => id)).size).toBe(120)
  expect(found[0]).toMatchObject({
    role: 'user',
    disabled: false,
    sessions: 0,
    permissions: { added: [], removed: [] },
  })
  expect(await admin.http('GET', `/api/admin/users?query=${tag}7%40`)).toMatchObject({
    body: { users: [{ id: `${tag}7` }] },
  })
  expect(await admin.http('GET', '/api/admin/users?query=%25%25')).toMatchObject({ body: { users: [] } })
  for (const bad of ['!', Buffer.from('\u0000').toString('base64url')]) {
    expect(await admin.http('GET', `/api/admin/users?cursor=${bad}`)).toMatchObject({ status: 400 })
  }
})

test('role, additions and removals are changed, and only what was named', async () => {
  const ada = await servers.user('Ada')
  const list = { added: ['admin:view-audit'], removed: ['chat:write'] }
  expect(account(await change(admin, ada, { permissions: list })).permissions).toMatchObject(list)
  const promoted = account(await change(admin, ada, { role: 'admin' }))
  expect(promoted).toMatchObject({ role: 'admin', permissions: list, sessions: 1 })
  expect(promoted.permissions.effective).not.toContain('chat:write')
  const again = account(await change(admin, ada, { permissions: { added: [], removed: [] }, role: 'user' }))
  expect(again).toMatchObject({ role: 'user', permissions: { added: [], removed: [] } })
  expect(again.permissions.effective).toContain('chat:write')
})

test('what makes no sense is refused with a sentence', async () => {
  const ada = await servers.user('Ada')
  const both = { added: ['chat:write'], removed: ['chat:write'] }
  for (const body of [{}, { role: 'king' }, { permissions: both }, { permissions: { added: ['fly'], removed: [] } }]) {
    expect(await change(admin, ada, body)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
  }
  expect(await admin.http('PATCH', '/api/admin/users/nobody', { role: 'user' })).toMatchObject({ status: 404 })
  expect(await admin.http('DELETE', '/api/admin/users/nobody/sessions')).toMatchObject({ status: 404 })
  const overridden = await change(admin, ada, { id: admin.id, disabled: false })
  expect(account(overridden).id, 'the address decides who it is').toBe(ada.id)
})

test('nobody takes their own admin rights away, or disables themselves', async () => {
  const own = await newAdmin(servers)
  expect(await change(own, own, { role: 'user' })).toMatchObject(refused(/your own admin rights/))
  const permissions = { added: [], removed: ['admin:view-audit'] }
  expect(await change(own, own, { permissions })).toMatchObject(refused(/your own admin rights/))
  expect(await change(own, own, { disabled: true })).toMatchObject(refused(/your own account/))
  const { body } = await own.http('GET', '/api/auth/session')
  expect(body, 'and nothing of it was done').toMatchObject({ user: { role: 'admin' } })
})

test('nobody gives what they do not hold: by role, by list, or by opening an account again', async () => {
  const [clerk, ada, chief] = [await servers.user('Clerk'), await servers.user('Ada'), await newAdmin(servers)]
  await setPermissions(servers, clerk, { added: ['admin:manage-users'], removed: ['chat:create-room'] })
  const add = (permission: string) => ({ permissions: { added: [permission], removed: [] } })
  const ownWithMore = {
    permissions: { added: ['admin:manage-users', 'admin:view-audit'], removed: ['chat:create-room'] },
  }
  expect(await change(clerk, ada, { role: 'admin' })).toMatchObject(refused(/see the health of the system/))
  expect(await change(clerk, ada, add('admin:view-audit'))).toMatchObject(refused(/read the audit log/))
  expect(await change(clerk, clerk, ownWithMore)).toMatchObject(refused(/read the audit log/))
  expect(await change(clerk, ada, add('admin:manage-users'))).toMatchObject({ status: 200 })

  await setPermissions(servers, ada, { removed: ['chat:create-room'] })
  expect(await change(clerk, ada, { permissions: { added: [], removed: [] } })).toMatchObject(
    refused(/begin conversations/),
  )
  await change(admin, chief, { disabled: true })
  expect(await change(clerk, chief, { disabled: false })).toMatchObject(refused(/see the health of the system/))
  expect(await change(admin, chief, { disabled: false })).toMatchObject({ status: 200 })
})

test('the last administrator stays one', async () => {
  const [clerk, last] = [await servers.user('Clerk'), await newAdmin(servers, 'Last')]
  await setPermissions(servers, clerk, { added: ['admin:manage-users'] })
  const { rows } = await servers.db.query(
    `UPDATE users SET role = 'user' WHERE role = 'admin' AND id <> $1 RETURNING id`,
    [last.id],
  )
  try {
    expect(await change(clerk, last, { role: 'user' })).toMatchObject(refused(/last administrator/))
    expect(await change(clerk, last, { disabled: true })).toMatchObject(refused(/last administrator/))
    const permissions = { added: [], removed: ['admin:manage-users'] }
    expect(await change(clerk, last, { permissions })).toMatchObject(refused(/last administrator/))
  } finally {
    await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = ANY ($1)`, [rows.map(({ id }) => id)])
  }
})

test('of two who take each other’s rights at the same moment one succeeds', async () => {
  for (let round = 0; round < 10; round++) {
    const [one, other] = [await newAdmin(servers), await newAdmin(servers)]
    const answers = await Promise.all([change(one, other, { role: 'user' }), change(other, one, { disabled: true })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.toSatisfy((s) => s === 401 || s === 403)])
  }
})

test('each act is in the audit log with who did it to whom; what was refused says so and changed nothing', async () => {
  const [chief, ada] = [await newAdmin(servers, 'Chief'), await servers.user('Ada')]
  const permissions = { added: ['admin:view-audit'], removed: [] }
  await change(chief, ada, { role: 'admin', permissions, disabled: true })
  await change(chief, ada, { permissions, disabled: false })
  await change(chief, chief, { disabled: true })

  const logged = async () => {
    const columns = 'action, outcome, actor, target, details, address, session_id IS NOT NULL AS has_session'
    return (await servers.db.query(`SELECT ${columns} FROM audit_log WHERE actor_id = $1 ORDER BY id`, [chief.id])).rows
  }
  const entry = { outcome: 'ok', actor: 'Chief', target: ada.id, address: '127.0.0.1', has_session: true }
  await waitFor(async () => (await logged()).some(({ outcome }) => outcome === 'FORBIDDEN'))
  expect((await logged()).filter(({ action }) => action !== 'register')).toMatchObject([
    { ...entry, action: 'user.role', details: { before: 'user', after: 'admin' } },
    { ...entry, action: 'user.permissions', details: permissions },
    { ...entry, action: 'user.disable' },
    { ...entry, action: 'session.end', details: { count: 1 } },
    { ...entry, action: 'user.enable' },
    { action: 'changeAccount', outcome: 'FORBIDDEN' },
  ])
})

test('ending somebody’s sessions signs them out and closes their sockets', async () => {
  const ada = await servers.user('Ada')
  const socket = await ada.connect()
  const answer = await admin.http('DELETE', `/api/admin/users/${ada.id}/sessions`)
  expect(answer).toMatchObject({ status: 200, body: { count: 1 } })
  await waitFor(() => socket.disconnected, { timeoutMs: 6_500 })
  expect(await ada.http('GET', '/api/auth/session')).toMatchObject({ status: 401 })
})
