import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, type QueryResult } from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { freeLocalPort } from '../../../scripts/support/ports'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { findSecret, noteSecretsOf } from '../../support/servers/secrets'
import { onTeardown } from '../../support/teardown'

let dataDir: string
let ports: { PORT: string; SOCKET_PORT: string }

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'tandem-scripts-'))
  onTeardown(() => rm(dataDir, { recursive: true, force: true }))
  ports = { PORT: String(await freeLocalPort(undefined)), SOCKET_PORT: String(await freeLocalPort(undefined)) }
})

interface Result {
  code: number | null
  output: string
}

/** Runs a script as its package.json entry does, with these variables and none of the machine's own. */
function run(script: string, env: Record<string, string>, args: string[] = []): Promise<Result> {
  const { PATH = '', HOME = '' } = process.env
  noteSecretsOf(env)
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, ...args], {
    env: { NODE_ENV: 'test', PATH, HOME, DATA_DIR: dataDir, ...ports, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const found = findSecret(output.split('\n'))
      if (found === undefined) resolve({ code, output })
      else reject(new Error(`${script} printed ${found}`))
    })
  })
}

/** One statement on a database of the test's own. */
async function query(databaseUrl: string, sql: string): Promise<QueryResult> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

describe('pnpm start', () => {
  it('names every bad variable at once and gives exit code 1', async () => {
    const { code, output } = await run('start', { PORT: 'abc', LOG_LEVEL: 'loud', SERVICE_KEY: 'short' })
    expect(code).toBe(1)
    for (const variable of ['PORT', 'LOG_LEVEL', 'SERVICE_KEY']) expect(output).toContain(`  ${variable}: `)
    expect(output).not.toContain('    at ')
  })

  it.each(['PORT', 'SOCKET_PORT'] as const)('says which port is taken and how to change it: %s', async (variable) => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(Number(ports[variable]), '127.0.0.1', resolve))
    onTeardown(() => void other.close())
    const { code, output } = await run('start', {})
    expect(code).toBe(1)
    expect(output).toMatch(
      new RegExp(`^\\s*Port ${ports[variable]} is taken by another program\\. End it, or choose another: ${variable}=`),
    )
  })

  it('says in one sentence that the database of DATABASE_URL does not answer, without its password', async () => {
    const nowhere = `127.0.0.1:${await freeLocalPort(undefined)}`
    const { code, output } = await run('start', { DATABASE_URL: `postgresql://me:hunter2@${nowhere}/tandem` })
    expect(code).toBe(1)
    expect(output).toContain(`The database in DATABASE_URL cannot be used: nothing answers at ${nowhere}.`)
    expect(output).not.toContain('hunter2')
  })

  it('says when the database does not exist there', async () => {
    const url = new URL(await createTestDatabase())
    url.pathname = '/nowhere'
    const { code, output } = await run('start', { DATABASE_URL: url.href })
    expect(code).toBe(1)
    expect(output).toContain('has no database "nowhere". Make it: createdb nowhere')
  })
})

describe.each(['start-web', 'start-socket'])('%s', (script) => {
  it('starts no database, and says what to do without one', async () => {
    const { code, output } = await run(script, {})
    expect(code).toBe(1)
    expect(output.trim()).toBe('DATABASE_URL: No database: run pnpm start, or set DATABASE_URL.')
  })
})

describe('a database with demo accounts', () => {
  const secret = 'x'.repeat(32)
  const strict = {
    APP_ENV: 'staging',
    PUBLIC_URL: 'https://chat.example.com',
    SERVICE_KEY: secret,
    SESSION_TOKEN_SECRET: secret,
  }
  let DATABASE_URL: string

  beforeEach(async () => {
    DATABASE_URL = await createTestDatabase()
    const seeded = await run('db-seed', { DATABASE_URL })
    const password = (await readFile(path.join(dataDir, 'demo-password'), 'utf8')).trim()
    expect(password).toHaveLength(43)
    expect(seeded.output).toContain(`ada@example.com    ${password}  (admin)\n`)
    expect((await stat(path.join(dataDir, 'demo-password'))).mode & 0o777).toBe(0o600)
  })

  it.each(['start', 'start-web', 'start-socket', 'serve-web', '../src/server/websocket-standalone'])(
    'stops the start of a strict process: %s',
    async (script) => {
      const { code, output } = await run(script, { DATABASE_URL, ...strict })
      expect(code).toBe(1)
      expect(output).toContain(
        'APP_ENV: With APP_ENV=staging there must be no demo accounts, and this database has ada@',
      )
      expect(output).toContain('pnpm db:remove-demo')
      expect(output).not.toContain('    at ')
    },
  )

  it('is rid of them by pnpm db:remove-demo, and gets none with a strict pnpm db:seed', async () => {
    const { code, output } = await run('db-remove-demo', { DATABASE_URL, ...strict })
    expect({ code, output }).toEqual({
      code: 0,
      output: ['ada', 'grace', 'linus']
        .map((name) => `${name}@example.com is removed, with its conversations.\n`)
        .join(''),
    })
    const again = await run('db-remove-demo', { DATABASE_URL, ...strict })
    expect(again.output).toBe('Nothing to do: there are no demo accounts.\n')
    expect(await run('db-seed', { DATABASE_URL, ...strict })).toEqual({
      code: 1,
      output: '\nThere is no demo with APP_ENV=staging.\n',
    })
  })
})

describe('pnpm db:migrate', () => {
  it('has nothing to do on a database that is up to date', async () => {
    const { code, output } = await run('db-migrate', { DATABASE_URL: await createTestDatabase() })
    expect({ code, output }).toEqual({ code: 0, output: 'Nothing to do: the database is up to date.\n' })
  })
})

describe('pnpm user:role', () => {
  let databaseUrl: string

  beforeEach(async () => {
    databaseUrl = await createTestDatabase()
  })

  async function role(): Promise<string | undefined> {
    await query(
      databaseUrl,
      `INSERT INTO users (id, email, name) VALUES ('u1', 'ada@example.com', 'Ada') ON CONFLICT DO NOTHING`,
    )
    return (await query(databaseUrl, `SELECT role FROM users WHERE id = 'u1'`)).rows[0]?.role
  }

  const userRole = (...args: string[]) => run('user-role', { DATABASE_URL: databaseUrl }, args)

  it('gives a role, whatever the case of the address, and says what it was', async () => {
    expect(await role()).toBe('user')
    expect(await userRole('Ada@Example.com', 'admin')).toEqual({
      code: 0,
      output: 'ada@example.com is now "admin" (was "user").\n',
    })
    expect(await role()).toBe('admin')
    expect((await userRole('ada@example.com', 'admin')).output).toBe('ada@example.com is "admin" already.\n')
  })

  it('writes to the audit log what it changed, and nothing when it changed nothing', async () => {
    await role()
    for (const name of ['admin', 'admin', 'user']) await userRole('ada@example.com', name)
    const { rows } = await query(
      databaseUrl,
      `SELECT target, actor, details FROM audit_log WHERE action = 'user.role' ORDER BY id`,
    )
    expect(rows).toEqual([
      { target: 'u1', actor: 'system', details: { before: 'user', after: 'admin' } },
      { target: 'u1', actor: 'system', details: { before: 'admin', after: 'user' } },
    ])
  })

  it('says so when nobody has that address, or there is no such role', async () => {
    expect(await userRole('nobody@example.com', 'admin')).toEqual({
      code: 1,
      output: '\nNobody has registered as nobody@example.com.\n',
    })
    expect((await userRole('ada@example.com', 'king')).output).toContain('There is no role "king".')
    expect((await userRole()).output).toContain('Usage: pnpm user:role EMAIL admin|user')
  })
})

describe('pnpm user:invite', () => {
  it('prints a link that is good for one person, and keeps its hash', async () => {
    const databaseUrl = await createTestDatabase()
    const env = { DATABASE_URL: databaseUrl, PUBLIC_URL: 'https://chat.example.com' }
    const { code, output } = await run('user-invite', env)
    const [, secret = ''] = /https:\/\/chat\.example\.com\/register\?invite=([\w-]{43})\n$/.exec(output) ?? []
    expect(code, output).toBe(0)
    expect(output).toContain('Good for one person, within seven days:')

    expect((await run('user-invite', env, [' Zoe@Example.com'])).code).toBe(0)
    const { rows } = await query(databaseUrl, 'SELECT id, email, made_by, used_by FROM invites ORDER BY created_at')
    const mine = { made_by: null, used_by: null }
    expect(rows).toEqual([
      { id: createHash('sha256').update(secret).digest('hex'), email: null, ...mine },
      { id: expect.any(String), email: 'zoe@example.com', ...mine },
    ])
    const { rows: noted } = await query(databaseUrl, 'SELECT action, actor, details FROM audit_log ORDER BY id')
    expect(noted).toEqual(
      [false, true].map((forAddress) => ({ action: 'invite.create', actor: 'system', details: { forAddress } })),
    )
  })

  it('makes none for what is no address, or too much', async () => {
    const databaseUrl = await createTestDatabase()
    const invite = (...args: string[]) => run('user-invite', { DATABASE_URL: databaseUrl }, args)
    expect(await invite('zoe')).toEqual({ code: 1, output: '\nThis does not look like an e-mail address.\n' })
    expect((await invite('zoe@example.com', 'ada@example.com')).output).toContain('Usage: pnpm user:invite [EMAIL]')
    expect((await query(databaseUrl, 'SELECT 1 FROM invites')).rows).toEqual([])
  })

  it('says in one sentence that the database does not answer', async () => {
    const nowhere = `127.0.0.1:${await freeLocalPort(undefined)}`
    const { code, output } = await run('user-invite', {
      DATABASE_URL: `postgresql://tandem:not-for-you@${nowhere}/tandem`,
    })
    expect(code).toBe(1)
    expect(output).toContain(`nothing answers at ${nowhere}`)
    expect(output).not.toMatch(/secret| {4}at /)
  })
})

describe('pnpm user:remove-second-factor', () => {
  it('takes the app, its recovery codes and what sessions gave of them, and says so', async () => {
    const databaseUrl = await createTestDatabase()
    await query(
      databaseUrl,
      `INSERT INTO users (id, email, name) VALUES ('u1', 'ada@example.com', 'Ada'), ('u2', 'grace@example.com', 'Grace');
       INSERT INTO second_factors (user_id, secret, confirmed_at) VALUES ('u1', 'sealed', now()), ('u2', 'sealed', now());
       INSERT INTO recovery_codes (user_id, hash) VALUES ('u1', 'a'), ('u1', 'b'), ('u2', 'a');
       INSERT INTO sessions (id, public_id, user_id, expires_at, second_factor)
       VALUES ('s1', 's1', 'u1', now() + interval '1 day', true), ('s2', 's2', 'u2', now() + interval '1 day', true)`,
    )
    const remove = (...args: string[]) => run('user-second-factor', { DATABASE_URL: databaseUrl }, args)
    expect(await remove('Ada@Example.com')).toEqual({
      code: 0,
      output:
        'ada@example.com signs in with the password alone now, and can set up a second factor on the account page.\n',
    })
    const { rows } = await query(
      databaseUrl,
      `SELECT id, EXISTS (SELECT 1 FROM second_factors WHERE user_id = u.id) AS has_factor,
         (SELECT count(*)::int FROM recovery_codes WHERE user_id = u.id) AS codes,
         (SELECT bool_or(second_factor) FROM sessions WHERE user_id = u.id) AS given
       FROM users u ORDER BY id`,
    )
    expect(rows).toEqual([
      { id: 'u1', has_factor: false, codes: 0, given: false },
      { id: 'u2', has_factor: true, codes: 1, given: true },
    ])
    expect((await query(databaseUrl, 'SELECT action, actor, target FROM audit_log')).rows).toEqual([
      { action: 'second-factor.remove', actor: 'system', target: 'u1' },
    ])

    expect(await remove('Ada@Example.com')).toEqual({ code: 0, output: 'ada@example.com has no second factor.\n' })
    expect(await remove('nobody@example.com')).toEqual({
      code: 1,
      output: '\nNobody has registered as nobody@example.com.\n',
    })
    expect((await remove()).output).toContain('Usage: pnpm user:remove-second-factor EMAIL')
  })
})

describe('pnpm topic', () => {
  it('makes topics public or private, grants and takes them, lists and removes them', async () => {
    const databaseUrl = await createTestDatabase()
    await query(databaseUrl, `INSERT INTO users (id, email, name) VALUES ('u1', 'ada@example.com', 'Ada')`)
    const topic = async (...args: string[]) => (await run('topic', { DATABASE_URL: databaseUrl }, args)).output.trim()

    expect(await topic('news', 'public')).toBe('news is open to everybody.')
    expect(await topic('staff', 'grant', 'Ada@Example.com')).toBe('staff is open to Ada@Example.com.')
    expect(await topic('list')).toBe('news: public, followed by 0\nstaff: granted to 1, followed by 0')
    expect(await topic('news', 'private')).toBe('news is open to those it is granted to.')
    expect(await topic('staff', 'revoke', 'ada@example.com')).toBe('staff is not granted to ada@example.com any more.')
    expect(await topic('news', 'remove')).toBe('news is removed, with all who followed it.')
    expect(await topic('list')).toBe('staff: granted to 0, followed by 0')
    expect(await topic('staff', 'grant', 'u1')).toBe('staff is open to u1.')
    expect(await topic('list')).toBe('staff: granted to 1, followed by 0')
    expect(await topic('staff', 'grant', 'nobody@example.com')).toBe('Nobody has registered as nobody@example.com.')
    expect(await topic('news', 'grant')).toContain('Usage: pnpm topic')
  })
})
