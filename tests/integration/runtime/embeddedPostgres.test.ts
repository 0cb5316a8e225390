import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { readDatabaseRecord } from '@/lib/env/databaseRecord'
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from '../../../scripts/support/embeddedPostgres'
import { findPostmaster } from '../../../scripts/support/postmaster'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let dataDir: string

beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tandem embedded '))
  await chmod(folder, 0o755) // as root, the database runs as another user, who has to get in
  dataDir = path.join(folder, 'data')
  onTeardown(() => rm(folder, { recursive: true, force: true }))
})

async function ensure(dir = dataDir): Promise<EmbeddedPostgres> {
  const database = await ensureEmbeddedPostgres({ dataDir: dir })
  onTeardown(() => database.stop())
  return database
}

async function query<Row extends QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

const postmasterPid = ({ clusterDir }: EmbeddedPostgres): number => findPostmaster(clusterDir)?.pid ?? 0

/** Another process that wants the same database, and keeps it until it is killed. */
async function startHolder(): Promise<{ process: ChildProcess; url: string }> {
  const script = `
    import { ensureEmbeddedPostgres } from './scripts/support/embeddedPostgres.ts'
    const { url } = await ensureEmbeddedPostgres({ dataDir: process.argv[1] })
    process.on('message', () => {}) // keeps the channel, and so the process, open
    process.send(url)
  `
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTeardown(() => void child.kill('SIGKILL'))
  const [url] = await once(child, 'message')
  return { process: child, url: String(url) }
}

async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('the embedded database', () => {
  it('is made with a password, for this machine only, and understands every letter', async () => {
    const { url, port, startedHere } = await ensure()
    expect(startedHere).toBe(true)
    expect(
      await query(
        url,
        `SELECT current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync,
                                    lower('ÄÖÉЖ') AS lower, current_setting('server_encoding') AS encoding`,
      ),
    ).toEqual([{ addresses: '127.0.0.1', fsync: 'on', lower: 'äöéж', encoding: 'UTF8' }])
    await expect(query(`postgresql://tandem:wrong@127.0.0.1:${port}/tandem`, 'SELECT 1')).rejects.toThrow('password')
    expect((await stat(path.join(dataDir, 'database.json'))).mode & 0o777).toBe(0o600)
  })

  it('keeps its data and its address from one start to the next', async () => {
    const first = await ensure()
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n')
    await first.stop()
    expect(first.isRunning()).toBe(false)
    const second = await ensure()
    expect(second).toMatchObject({ url: first.url, startedHere: true })
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }])
  })

  it('is one for all who start at the same instant, and stops when the last of them leaves', async () => {
    const [one, two, holder] = await Promise.all([ensure(), ensure(), startHolder()])
    expect(two.url).toBe(one.url)
    expect(holder.url).toBe(one.url)
    await Promise.all([one.stop(), two.stop()])
    expect(one.isRunning()).toBe(true)
    await killHard(holder.process)
    const last = await ensure()
    expect(last.startedHere).toBe(false)
    await last.stop()
    expect(last.isRunning()).toBe(false)
  })

  it('outlives the kill -9 of its starter and is taken over by the next, who stops it', async () => {
    const holder = await startHolder()
    await killHard(holder.process)
    const next = await ensure()
    expect(next).toMatchObject({ url: holder.url, startedHere: false })
    expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await next.stop()
    expect(next.isRunning()).toBe(false)
  })

  it('comes back at the same address after a crash, with what was committed', async () => {
    const database = await ensure()
    await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS n')
    process.kill(postmasterPid(database), 'SIGKILL')
    await waitFor(() => !database.isRunning())
    expect(await database.revive()).toBe(true)
    expect(await query(database.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }])
  })

  it('starts although a crash left the id of a process that is another program by now', async () => {
    const first = await ensure()
    process.kill(postmasterPid(first), 'SIGKILL')
    await waitFor(() => !first.isRunning())
    const pidFile = path.join(first.clusterDir, 'postmaster.pid')
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n')
    await writeFile(pidFile, [process.pid, ...rest].join('\n'))
    expect((await ensure()).isRunning()).toBe(true)
  })

  it('takes over a lock whose holder was killed', async () => {
    await (await ensure()).stop()
    await writeFile(path.join(dataDir, 'database.lock'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }))
    expect((await ensure()).isRunning()).toBe(true)
  })

  it('is never shared with the folder that this one was copied from', async () => {
    const original = await ensure()
    await query(original.url, 'CREATE TABLE mine (n int)')
    await original.stop()
    const copyDir = path.join(path.dirname(dataDir), 'copy')
    await cp(dataDir, copyDir, { recursive: true, preserveTimestamps: true })
    await giveAwayLike(original.clusterDir, path.join(copyDir, 'postgres'))
    const [again, copy] = [await ensure(), await ensure(copyDir)]
    expect(copy.port).not.toBe(again.port)
    await query(copy.url, 'DROP TABLE mine')
    expect(await query(again.url, 'SELECT n FROM mine')).toEqual([])
    expect((await readDatabaseRecord(copyDir))?.clusterDir).toBe(path.join(copyDir, 'postgres'))
  })
})

/** A copy made by root belongs to root; `cp -a` would keep the owner. */
async function giveAwayLike(original: string, copy: string): Promise<void> {
  const { uid, gid } = await stat(original)
  const chown = spawn('chown', ['-R', `${uid}:${gid}`, copy])
  await once(chown, 'exit')
}
