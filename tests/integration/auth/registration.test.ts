import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { argon2Passwords } from '@/lib/auth/passwords'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'

let servers: TestServers
let admin: string

beforeAll(async () => {
  servers = await startServers({
    // Nobody is there: what is mailed waits.
    mail: { smtpUrl: 'smtp://127.0.0.1:1', from: 'tandem@example.com' },
    webEnv: { REGISTRATION: 'invite', PUBLIC_URL: 'http://chat.test:3000' },
  })
  // Nobody can register, so the first is made as the script does.
  const hash = await argon2Passwords.hash('a long password')
  for (const [id, role] of [
    ['root', 'admin'],
    ['zoe', 'user'],
  ]) {
    await servers.db.query(
      `INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $1 || '@example.com', $1, $2, $3)`,
      [id, role, hash],
    )
  }
  admin = await enter('root')
})

async function enter(name: string): Promise<string> {
  const account = { email: `${name}@example.com`, password: 'a long password' }
  const { headers } = await http(servers.webUrl, 'POST', '/api/auth/login', account)
  return headers.get('set-cookie')?.split(';')[0] ?? ''
}

const invite = async (body: unknown = {}) => {
  const answer = await http(servers.webUrl, 'POST', '/api/admin/invites', body, { cookie: admin })
  expect(answer).toMatchObject({ status: 201 })
  const url = new URL((answer.body as { url: string }).url) // the contract's answer
  expect(`${url.origin}${url.pathname}`).toBe('http://chat.test:3000/register')
  return url.searchParams.get('invite') ?? ''
}
const register = (secret?: string, email = `${randomUUID()}@example.com`) =>
  http(servers.webUrl, 'POST', '/api/auth/register', {
    ...{ email, password: 'nine purple herons', name: 'Zoe' },
    ...(secret === undefined ? {} : { invite: secret }),
  })
const refused = (words: string) => ({
  status: 403,
  body: { error: { code: 'FORBIDDEN', message: expect.stringContaining(words) } },
})

test('without an invite nobody registers', async () => {
  expect(await register()).toMatchObject(refused('need an invite'))
  expect(await register('made up')).toMatchObject(refused('used already'))
})

test('an invite is good for one person', async () => {
  const secret = await invite()
  expect(await register(secret)).toMatchObject({ status: 201 })
  expect(await register(secret)).toMatchObject(refused('used already'))
})

test('whoever registers with an invite that was mailed to them has proved their address', async () => {
  const [mailed, handed] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`]
  await register(await invite({ email: mailed }), mailed)
  await register(await invite(), handed)
  const { rows } = await servers.db.query(
    `SELECT email FROM users WHERE email = ANY ($1) AND email_proved_at IS NOT NULL`,
    [[mailed, handed]],
  )
  expect(rows).toEqual([{ email: mailed }])
})

test('of many who use one invite at once, one is let in', async () => {
  const secret = await invite()
  const answers = await Promise.all(Array.from({ length: 6 }, () => register(secret)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  const { rows } = await servers.db.query(
    "SELECT count(*)::int AS people FROM users WHERE created_at > now() - interval '5 s'",
  )
  expect(rows[0].people).toBeGreaterThan(0)
})

test('an invite for an address is good for that address, and a taken one does not use it up', async () => {
  const email = `${randomUUID()}@example.com`
  const secret = await invite({ email: email.toUpperCase() })
  expect(await register(secret)).toMatchObject(refused('another e-mail address'))
  expect(await register(secret, email)).toMatchObject({ status: 201 })

  const another = await invite()
  expect(await register(another, email)).toMatchObject({ status: 409 })
  expect(await register(another)).toMatchObject({ status: 201 })
})

test('an invite is worth nothing once whoever made it may make none any more', async () => {
  const secret = await invite()
  await servers.db.query(`UPDATE users SET disabled_at = now() WHERE id = 'root'`)
  expect(await register(secret)).toMatchObject(refused('taken back'))
  await servers.db.query(`UPDATE users SET disabled_at = NULL, role = 'user' WHERE id = 'root'`)
  expect(await register(secret)).toMatchObject(refused('taken back'))
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = 'root'`)
  expect(await register(secret)).toMatchObject({ status: 201 })
})

test('after seven days it is over', async () => {
  const secret = await invite()
  const { rows } = await servers.db.query(
    `SELECT round(extract(epoch FROM expires_at - created_at) / 3600)::int AS hours FROM invites`,
  )
  expect(rows[0]).toEqual({ hours: 7 * 24 })
  await servers.db.query('UPDATE invites SET expires_at = now()')
  expect(await register(secret)).toMatchObject(refused('older than seven days'))
})

describe('making invites', () => {
  test('is for those who manage people, and only a hash is kept', async () => {
    const cookie = await enter('zoe')
    expect(await http(servers.webUrl, 'POST', '/api/admin/invites', {}, { cookie })).toMatchObject({ status: 403 })
    expect(await http(servers.webUrl, 'POST', '/api/admin/invites', {})).toMatchObject({ status: 401 })
    const secret = await invite()
    const { rows } = await servers.db.query('SELECT * FROM invites')
    expect(JSON.stringify(rows)).not.toContain(secret)
  })

  test('is in the audit log', async () => {
    await invite()
    const { rows } = await servers.db.query(`SELECT actor_id FROM audit_log WHERE action = 'invite.create'`)
    expect(rows[0]).toEqual({ actor_id: 'root' })
  })
})
