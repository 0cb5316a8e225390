import { hash } from '@node-rs/bcrypt'
import { beforeAll, expect, test } from 'vitest'
import type { UserData } from '@/contracts/auth'
import { type MovedDatabase, moveTables, peopleBlock } from '../../support/monolith/moveTables'
import { startIdentityProvider, type TestIdentityProvider } from '../../support/servers/identityProvider'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'

// docs/migration/nextauth-to-lucia.md, by the letter.

let servers: TestServers
let provider: TestIdentityProvider
let moved: MovedDatabase
const password = 'nine purple herons'

const insertUser = `INSERT INTO "User" (id, name, email, "emailVerified", image, password) VALUES ($1, $2, $3, $4, $5, $6)`
const insertAccount = `INSERT INTO "Account" (id, "userId", type, provider, "providerAccountId") VALUES ($1, $1, 'oauth', $2, $3)`

beforeAll(async () => {
  provider = await startIdentityProvider()
  moved = await moveTables(async (db) => {
    // Cost 4: what is tested is not how long it takes. PHP's and the oldest libraries' prefixes are among them.
    const old = await hash(password, 4)
    await db.query(insertUser, [
      'ada',
      'Ada',
      'Ada@Example.com',
      '2026-01-02 03:04:05',
      'https://example.com/a.png',
      old,
    ])
    await db.query(insertUser, ['a claim', 'Claim', 'PHP@example.com', null, null, old])
    await db.query(insertUser, ['php', null, 'php@example.com', '2026-01-02', null, old.replace('$2b$', '$2y$')])
    await db.query(insertUser, ['zoe', 'Zoe', 'zoe@example.com', null, null, null])
    await db.query(insertUser, ['both', 'Grace\nHopper', 'grace@example.com', null, 'data:image/png;base64,', old])
    await db.query(insertUser, ['mailed', 'Mailed', 'mailed@example.com', null, null, 'sha1$whatever'])
    await db.query(insertUser, ['twin', 'Twin', 'ADA@example.com', null, null, old])
    await db.query(insertUser, ['nobody', 'Nobody', null, null, null, null])
    await db.query(insertAccount, ['zoe', 'google', 'google-zoe'])
    await db.query(insertAccount, ['both', 'google', 'google-grace'])
    await db.query(insertAccount, ['ada', 'github', 'github-ada'])
  })
  await moved.old.query(peopleBlock('people'))
  servers = await startServers({
    databaseUrl: moved.url,
    webEnv: {
      ...{ GOOGLE_CLIENT_ID: 'tandem', GOOGLE_CLIENT_SECRET: 'a secret between the two' },
      GOOGLE_ISSUER: provider.issuer,
    },
  })
})

const login = (email: string, given = password) =>
  http(servers.webUrl, 'POST', '/api/auth/login', { email, password: given })
const hashOf = async (id: string): Promise<string | null> =>
  (await servers.db.query('SELECT password_hash FROM users WHERE id = $1', [id])).rows[0]?.password_hash
const oldHashes = async () => Number((await servers.db.query(peopleBlock('old-hashes'))).rows[0].count)

/** Through Google and back, to the session's owner. */
async function enterWithGoogle(sub: string, email: string): Promise<string> {
  provider.is({ sub, email, email_verified: true, name: 'Somebody' })
  const follow = async (url: string, cookie = '') => {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    const cookies = answer.headers.getSetCookie().map((set) => set.split(';')[0])
    return { location: answer.headers.get('location') ?? '', cookie: cookies.join('; ') }
  }
  const begun = await follow(`${servers.webUrl}/api/auth/google`)
  const { pathname, search } = new URL((await follow(begun.location)).location)
  const { cookie } = await follow(servers.webUrl + pathname + search, begun.cookie)
  const { body } = await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })
  return (body as UserData).user.id // the contract's answer
}

test('who is moved is who was there, and who is not is listed with the reason', async () => {
  const { rows } = await servers.db.query(
    'SELECT id, email, email_proved_at, name, avatar_image FROM users ORDER BY id',
  )
  const nothing = { email_proved_at: null, avatar_image: null }
  expect(rows).toEqual([
    {
      ...{ id: 'ada', email: 'ada@example.com', name: 'Ada', avatar_image: 'https://example.com/a.png' },
      email_proved_at: new Date('2026-01-02T03:04:05Z'),
    },
    { ...nothing, id: 'both', email: 'grace@example.com', name: 'Grace Hopper' },
    { ...nothing, id: 'mailed', email: 'mailed@example.com', name: 'Mailed' },
    { ...nothing, id: 'php', email: 'php@example.com', name: 'php', email_proved_at: new Date('2026-01-02T00:00:00Z') },
    { ...nothing, id: 'zoe', email: 'zoe@example.com', name: 'Zoe' },
  ])
  expect((await servers.db.query(`${peopleBlock('missing').replace(';', '')} ORDER BY u.id`)).rows).toEqual([
    { id: 'a claim', email: 'PHP@example.com', proved: false, why: 'somebody else has this address' },
    { id: 'nobody', email: null, proved: false, why: 'has no address' },
    { id: 'twin', email: 'ADA@example.com', proved: false, why: 'somebody else has this address' },
  ])
})

test('they sign in with the password they had, and have an argon2 hash from then on', async () => {
  const before = await oldHashes()
  const old = await hashOf('ada')
  expect(await login('ada@example.com', 'a wrong password')).toMatchObject({ status: 401 })
  expect(await hashOf('ada')).toBe(old)
  // Both at the same moment: one of them finds the other's hash.
  const answers = await Promise.all([login('ada@example.com'), login('Ada@example.com')])
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { user: { id: 'ada' } } })
  expect(await hashOf('ada')).toMatch(/^\$argon2id\$/)
  expect(await login('ada@example.com')).toMatchObject({ status: 200 })
  expect(await login('ada@example.com', 'a wrong password')).toMatchObject({ status: 401 })
  expect(await login('php@example.com')).toMatchObject({ status: 200, body: { user: { id: 'php' } } })
  expect(await oldHashes()).toBe(before - 2)
})

test('they sign in with Google by its id of them; who has both may take either', async () => {
  expect(await enterWithGoogle('google-zoe', 'another@example.com')).toBe('zoe')
  expect(await enterWithGoogle('google-grace', 'grace@example.com')).toBe('both')
  expect(await login('grace@example.com')).toMatchObject({ status: 200, body: { user: { id: 'both' } } })
})

test('a hash of neither kind opens nothing', async () => {
  expect(await hashOf('mailed')).toBeNull()
  expect(await login('mailed@example.com', '')).toMatchObject({ status: 400 })
  expect(await login('mailed@example.com')).toMatchObject({ status: 401 })
})

test('what people do in the old app meanwhile counts here as well', async () => {
  await moved.old.query(insertUser, ['late', 'Late', 'late@example.com', null, null, await hash(password, 4)])
  await moved.old.query(insertAccount, ['late', 'google', 'google-late'])
  const { headers } = await login('late@example.com')
  expect(await enterWithGoogle('google-late', 'late@example.com')).toBe('late')

  await moved.old.query(`UPDATE "User" SET password = $1 WHERE id = 'late'`, [await hash('eleven grey geese', 4)])
  expect(await login('late@example.com')).toMatchObject({ status: 401 })
  expect(await login('late@example.com', 'eleven grey geese')).toMatchObject({ status: 200 })
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })).toMatchObject({ status: 401 })
})

test('an account that ends there is closed here, and nobody registers here alone', async () => {
  await moved.old.query(`DELETE FROM "Account" WHERE id = 'late'`)
  expect((await servers.db.query(`SELECT FROM accounts WHERE user_id = 'late'`)).rowCount).toBe(0)
  await moved.old.query(`DELETE FROM "User" WHERE id = 'late'`)
  expect(await login('late@example.com', 'eleven grey geese')).not.toMatchObject({ status: 200 })
  const sessions = await servers.db.query(`SELECT FROM sessions WHERE user_id = 'late'`)
  expect(sessions.rowCount).toBe(0)
  const registering = servers.db.query(`INSERT INTO users (id, email, name) VALUES ('new', 'new@example.com', 'New')`)
  await expect(registering).rejects.toThrow('register in the old app')
})

test('who had no address moves when they have one; addresses that change there change here', async () => {
  await moved.old.query(`UPDATE "User" SET email = 'Nobody@example.com' WHERE id = 'nobody'`)
  await moved.old.query(`UPDATE "User" SET email = 'Other@example.com', password = 'sha1$no' WHERE id = 'both'`)
  const { rows } = await servers.db.query(`SELECT id, email FROM users WHERE id IN ('nobody', 'both') ORDER BY id`)
  expect(rows).toEqual([
    { id: 'both', email: 'other@example.com' },
    { id: 'nobody', email: 'nobody@example.com' },
  ])
  // A hash that Tandem does not know opens nothing, and breaks nothing.
  expect(await login('other@example.com')).toMatchObject({ status: 401 })
})

test('the bridge goes without a trace in the old app', async () => {
  await moved.old.query(peopleBlock('undo'))
  await moved.old.query(insertUser, ['after', 'After', 'after@example.com', null, null, null])
  expect((await servers.db.query(`SELECT FROM users WHERE id = 'after'`)).rowCount).toBe(0)
})
