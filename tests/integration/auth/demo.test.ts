import pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { argon2Passwords } from '@/lib/auth/passwords'
import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import { seed } from '../../../prisma/seed'
import { removeDemo } from '../../../scripts/support/removeDemo'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'

const password = 'made once for this DATA_DIR'
const addresses = ['ada@example.com', 'grace@example.com', 'linus@example.com']
let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ limits: { auth: { points: 20, seconds: 600 } } })
  await seed({ databaseUrl: servers.databaseUrl, password: async () => password })
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  http(servers.webUrl, 'POST', path, body, headers)
const cookieOf = ({ headers }: { headers: Headers }) => headers.get('set-cookie')?.split(';')[0] ?? ''
const session = (cookie: string) => http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })

describe('entering as somebody of the demo', () => {
  test('needs no password, counts as an attempt, and ends the session the browser held', async () => {
    const before = await post('/api/auth/demo', { email: 'grace@example.com' })
    expect(before).toMatchObject({ status: 200, body: { user: { name: 'Grace Hopper', role: 'user' } } })
    expect(before.headers.get('set-cookie')).toMatch(/^auth_session=[^;]+;.*HttpOnly;.*SameSite=Lax/)
    expect(before.headers.get('ratelimit-limit')).toBe('20')

    const after = await post('/api/auth/demo', { email: 'Ada@Example.com' }, { cookie: cookieOf(before) })
    expect(after).toMatchObject({ status: 200, body: { user: { name: 'Ada Lovelace', role: 'admin' } } })
    expect((await session(cookieOf(before))).status).toBe(401)
    expect(await session(cookieOf(after))).toMatchObject({ status: 200, body: { user: { name: 'Ada Lovelace' } } })
  })

  test('works for nobody else, and not from another site', async () => {
    const { email } = await servers.user('Somebody')
    for (const other of [email, 'nobody@example.com']) {
      expect(await post('/api/auth/demo', { email: other })).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      })
    }
    const foreign = await post('/api/auth/demo', { email: addresses[0] }, { origin: 'https://evil.example' })
    expect(foreign).toMatchObject({ status: 403 })
  })

  test('is possible with the password of the start, and not with the one everybody knew', async () => {
    for (const email of addresses) {
      expect((await post('/api/auth/login', { email, password: 'tandem-demo' })).status).toBe(401)
      expect((await post('/api/auth/login', { email, password })).status).toBe(200)
    }
  })
})

describe('in a database of its own', () => {
  let databaseUrl: string
  let db: pg.Client

  beforeEach(async () => {
    databaseUrl = await createTestDatabase()
    db = new pg.Client({ connectionString: databaseUrl })
    db.on('error', () => {})
    await db.connect()
    onTeardown(() => db.end())
  })

  const column = async <T>(sql: string): Promise<T[]> =>
    (await db.query<{ value: T }>(sql)).rows.map(({ value }) => value)
  const hashes = () => column<string>('SELECT password_hash AS value FROM users WHERE is_demo ORDER BY email')
  const addPeople = () =>
    db.query(
      `INSERT INTO users (id, email, name) VALUES ('zoe', 'zoe@example.com', 'Zoe'), ('yan', 'yan@example.com', 'Yan')`,
    )
  const id = async (name: string) =>
    (await column<string>(`SELECT id AS value FROM users WHERE email = '${name}@example.com'`))[0] ?? ''
  const room = async (roomId: string, members: string[], senderId: string) => {
    await db.query(`INSERT INTO rooms (id, kind, last_seq, last_rev) VALUES ($1, 'group', 1, 1)`, [roomId])
    for (const member of members)
      await db.query('INSERT INTO participants (room_id, user_id) VALUES ($1, $2)', [roomId, member])
    await db.query(
      `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message) VALUES ($1, $1, 1, 1, $2, $1, 'Hello')`,
      [roomId, senderId],
    )
  }

  test('the old fixed password is replaced, and whoever was signed in by it is out', async () => {
    const old = await argon2Passwords.hash('tandem-demo')
    await db.query(`INSERT INTO users (id, email, name, password_hash, is_demo)
      VALUES ('ada', 'ada@example.com', 'Ada', '${old}', true), ('zoe', 'zoe@example.com', 'Zoe', '${old}', false)`)
    await db.query(`INSERT INTO sessions (id, public_id, user_id, expires_at)
      VALUES ('s1', 'p1', 'ada', now() + '1 day'), ('s2', 'p2', 'zoe', now() + '1 day')`)

    const options = { databaseUrl, password: async () => password }
    expect(await seed(options)).toEqual({ accounts: [{ email: 'ada@example.com', role: 'user' }] })

    const [renewed = ''] = await hashes()
    expect(await argon2Passwords.verify(renewed, password)).toBe(true)
    expect(await column(`SELECT password_hash AS value FROM users WHERE id = 'zoe'`)).toEqual([old])
    expect(await column('SELECT id AS value FROM sessions')).toEqual(['s2'])

    await seed(options)
    expect(await hashes()).toEqual([renewed])
  })

  test('nobody is asked for a password where there is no demo and will be none', async () => {
    await addPeople()
    const password = () => Promise.reject(new Error('asked for'))
    expect(await seed({ databaseUrl, password })).toEqual({ accounts: [] })
  })

  test.each(['staging', 'production'] as const)(
    'a %s process refuses demo accounts, and only those',
    async (appEnv) => {
      await addPeople()
      await expect(refuseDemoAccounts({ appEnv, databaseUrl })).resolves.toBeUndefined()
      await db.query(`UPDATE users SET is_demo = true WHERE id = 'yan'`)
      await expect(refuseDemoAccounts({ appEnv, databaseUrl })).rejects.toThrow(
        `APP_ENV: With APP_ENV=${appEnv} there must be no demo accounts, and this database has yan@example.com. Remove them with: pnpm db:remove-demo`,
      )
      await expect(refuseDemoAccounts({ appEnv: 'development', databaseUrl })).resolves.toBeUndefined()
    },
  )

  test('a strict process that cannot ask does not start', async () => {
    await db.query('ALTER TABLE users DROP COLUMN is_demo')
    await expect(refuseDemoAccounts({ appEnv: 'staging', databaseUrl })).rejects.toThrow('Run pnpm db:migrate first.')
    const nowhere = 'postgresql://me:hunter2@127.0.0.1:1/tandem'
    const refused = refuseDemoAccounts({ appEnv: 'staging', databaseUrl: nowhere })
    await expect(refused).rejects.toThrow(/^DATABASE_URL: The database cannot be asked/)
    await expect(refused).rejects.not.toThrow('hunter2')
  })

  test('removing takes the demo with all it said among itself, and leaves nothing to refuse', async () => {
    await seed({ databaseUrl, password: async () => password })
    await addPeople()
    await room('theirs', ['zoe', 'yan'], 'zoe')
    expect(await removeDemo(db)).toEqual({ removed: addresses, closed: [] })
    expect(await column('SELECT id AS value FROM users ORDER BY id')).toEqual(['yan', 'zoe'])
    expect(await column('SELECT id AS value FROM rooms')).toEqual(['theirs'])
    expect(await column('SELECT id AS value FROM messages')).toEqual(['theirs'])
    await expect(refuseDemoAccounts({ appEnv: 'production', databaseUrl })).resolves.toBeUndefined()
    expect(await removeDemo(db)).toEqual({ removed: [], closed: [] })
  })

  test('whoever of the demo talked with somebody else is closed: the messages keep their place', async () => {
    await seed({ databaseUrl, password: async () => password })
    await addPeople()
    const [ada, grace] = [await id('ada'), await id('grace')]
    await room('with Zoe', ['zoe', ada], ada)
    await room('left', ['zoe', 'yan'], grace) // she wrote and was taken out
    await db.query(`INSERT INTO sessions (id, public_id, user_id, expires_at) VALUES ('s', 'p', $1, now() + '1 day')`, [
      ada,
    ])

    expect(await removeDemo(db)).toEqual({
      removed: ['linus@example.com'],
      closed: ['ada@example.com', 'grace@example.com'],
    })

    const { rows } = await db.query(
      'SELECT id, name, email, password_hash, role, is_demo FROM users WHERE id = ANY ($1) ORDER BY email',
      [[ada, grace]],
    )
    const closed = { name: 'Former demo account', password_hash: null, role: 'user', is_demo: false }
    expect(rows).toHaveLength(2)
    for (const row of rows) expect(row).toMatchObject({ ...closed, email: `closed-${row.id}@invalid` })
    expect(await column('SELECT id AS value FROM sessions')).toEqual([])
    expect(await column('SELECT id AS value FROM rooms ORDER BY id')).toEqual(['left', 'with Zoe'])
    expect(await column('SELECT id AS value FROM messages ORDER BY id')).toEqual(['left', 'with Zoe'])
    expect(await column(`SELECT user_id AS value FROM participants WHERE room_id = 'with Zoe'`)).toEqual(
      expect.arrayContaining(['zoe', ada]),
    )
    await expect(refuseDemoAccounts({ appEnv: 'production', databaseUrl })).resolves.toBeUndefined()
  })
})
