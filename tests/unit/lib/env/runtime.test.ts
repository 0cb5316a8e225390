import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeDatabaseRecord } from '@/lib/env/databaseRecord'
import { loadRuntimeConfig } from '@/lib/env/runtime'

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'tandem-env-'))
})

afterEach(() => rm(dataDir, { recursive: true, force: true }))

const load = (env: Record<string, string> = {}) =>
  loadRuntimeConfig({ DATABASE_URL: 'postgresql://u:p@h/d', DATA_DIR: dataDir, ...env } as unknown as NodeJS.ProcessEnv) // NODE_ENV is not read

describe('secrets', () => {
  it('are made once and kept, readable by their owner alone', async () => {
    const first = await load()
    expect(first.serviceKey).toHaveLength(43)
    expect(first.sessionTokenKeys).toEqual([{ kid: 'default', secret: expect.stringMatching(/^.{43}$/) }])
    expect(first.sessionTokenKeys[0].secret).not.toBe(first.serviceKey)
    expect(await load()).toEqual(first)
    for (const file of await readdir(dataDir)) {
      expect((await stat(path.join(dataDir, file))).mode & 0o777).toBe(0o600)
    }
  })

  it('are the same for everyone who asks at the same instant, and leave no drafts behind', async () => {
    const configs = await Promise.all(Array.from({ length: 50 }, () => load()))
    expect(new Set(configs.map(({ serviceKey }) => serviceKey)).size).toBe(1)
    expect((await readdir(dataDir)).sort()).toEqual(['service-key', 'session-token-secret', 'vapid-private-key'])
    expect((await readFile(path.join(dataDir, 'service-key'), 'utf8')).trim()).toBe(configs[0]?.serviceKey)
  })

  it('come from the environment when they are there, and no file is made', async () => {
    const [secret, privateKey] = ['x'.repeat(32), Buffer.alloc(32, 1).toString('base64url')]
    const config = await load({
      ...{ SERVICE_KEY: secret, SESSION_TOKEN_SECRET: secret },
      VAPID_PRIVATE_KEY: privateKey,
    })
    expect(config).toMatchObject({
      serviceKey: secret,
      sessionTokenKeys: [{ kid: 'default', secret }],
      vapid: { privateKey },
    })
    expect(await readdir(dataDir)).toEqual([])
  })

  it('of push notifications are made in no strict installation, which sends none without its own', async () => {
    const privateKey = Buffer.alloc(32, 1).toString('base64url')
    const strict = {
      ...{ APP_ENV: 'production', PUBLIC_URL: 'https://chat.example.com' },
      ...{ SERVICE_KEY: 'x'.repeat(32), SESSION_TOKEN_SECRET: 'y'.repeat(32) },
    }
    expect((await load(strict)).vapid).toBeUndefined()
    expect(await readdir(dataDir)).toEqual([])
    expect((await load({ ...strict, VAPID_PRIVATE_KEY: privateKey })).vapid).toMatchObject({ privateKey })
    await writeFile(path.join(dataDir, 'vapid-private-key'), `${'x'.repeat(60)}\n`)
    await expect(load()).rejects.toThrow('VAPID_PRIVATE_KEY')
  })

  it('of push notifications are done without where the directory keeps none', async () => {
    await mkdir(path.join(dataDir, 'vapid-private-key')) // as if it could not be written, for root as well
    const secrets = { SERVICE_KEY: 'x'.repeat(32), SESSION_TOKEN_SECRET: 'y'.repeat(32) }
    expect((await load(secrets)).vapid).toBeUndefined()
  })

  it('that are too short in their file stop the start, naming the file', async () => {
    await writeFile(path.join(dataDir, 'service-key'), 'short\n')
    await expect(load()).rejects.toThrow(`SERVICE_KEY: It is not set, and ${path.join(dataDir, 'service-key')} cannot`)
  })
})

describe('the database', () => {
  const record = { password: 'p/w', clusterDir: '/x', leases: [] }

  it('is the embedded one that runs, when DATABASE_URL is not set', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo // listens on a port
    await writeDatabaseRecord(dataDir, { ...record, port })
    expect((await load({ DATABASE_URL: '' })).databaseUrl).toBe(`postgresql://tandem:p%2Fw@127.0.0.1:${port}/tandem`)
    await new Promise((resolve) => server.close(resolve))
    await expect(load({ DATABASE_URL: '' })).rejects.toThrow('run pnpm start, or set DATABASE_URL')
  })

  it('is missing, with what to do, when there never was one', async () => {
    await expect(load({ DATABASE_URL: '' })).rejects.toThrow('No database: run pnpm start, or set DATABASE_URL.')
  })

  it('has a record that is never guessed at when it is damaged', async () => {
    await writeFile(path.join(dataDir, 'database.json'), '{"port":')
    await expect(load({ DATABASE_URL: '' })).rejects.toThrow(/DATA_DIR: .*database\.json is not as Tandem wrote it/)
  })
})
