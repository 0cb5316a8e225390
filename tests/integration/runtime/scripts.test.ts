import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
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
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    try {
      await client.query(`INSERT INTO users (id, email, name) VALUES ('u1', 'ada@example.com', 'Ada')
                          ON CONFLICT DO NOTHING`)
      return (await client.query<{ role: string }>(`SELECT role FROM users WHERE id = 'u1'`)).rows[0]?.role
    } finally {
      await client.end()
    }
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
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    const { rows } = await client.query(
      `SELECT target, actor, details FROM audit_log WHERE action = 'user.role' ORDER BY id`,
    )
    await client.end()
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

describe('pnpm topic', () => {
  it('makes topics public or private, grants and takes them, lists and removes them', async () => {
    const databaseUrl = await createTestDatabase()
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query(`INSERT INTO users (id, email, name) VALUES ('u1', 'ada@example.com', 'Ada')`)
    await client.end()
    const topic = async (...args: string[]) => (await run('topic', { DATABASE_URL: databaseUrl }, args)).output.trim()

    expect(await topic('news', 'public')).toBe('news is open to everybody.')
    expect(await topic('staff', 'grant', 'Ada@Example.com')).toBe('staff is open to Ada@Example.com.')
    expect(await topic('list')).toBe('news: public, followed by 0\nstaff: granted to 1, followed by 0')
    expect(await topic('news', 'private')).toBe('news is open to those it is granted to.')
    expect(await topic('staff', 'revoke', 'ada@example.com')).toBe('staff is not granted to ada@example.com any more.')
    expect(await topic('news', 'remove')).toBe('news is removed, with all who followed it.')
    expect(await topic('list')).toBe('staff: granted to 0, followed by 0')
    expect(await topic('staff', 'grant', 'nobody@example.com')).toBe('Nobody has registered as nobody@example.com.')
    expect(await topic('news', 'grant')).toContain('Usage: pnpm topic')
  })
})
