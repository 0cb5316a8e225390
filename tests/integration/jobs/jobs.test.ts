import { once } from 'node:events'
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { JobRunner, type JobRunnerDeps, type Task } from '@/lib/jobs/JobRunner'
import { startGuarded } from '../../support/guardedProcess'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { recordingLogger } from '../../support/recordingLogger'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let databaseUrl: string
let db: pg.Pool

beforeAll(async () => {
  databaseUrl = await createTestDatabase()
  db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  db.on('error', () => {})
  onTeardown(() => db.end())
})

const add = (task: string, payload: unknown, more = '') =>
  db.query(`SELECT graphile_worker.add_job($1, $2::json${more})`, [task, JSON.stringify(payload)])

function startRunner(tasks: Record<string, Task>, change: Partial<JobRunnerDeps> = {}) {
  const { logger, lines } = recordingLogger()
  const done: string[] = []
  const runner = new JobRunner({
    databaseUrl,
    tasks,
    onDone: (task, outcome) => done.push(`${task} ${outcome}`),
    logger,
    pace: { watchMs: 50, orphanedAfterMs: 500 },
    ...change,
  })
  runner.start()
  onTeardown(() => runner.stop())
  return { runner, done, lines }
}

test('a job that is added in a transaction is done once, by one of several processes, when that commits and not before', async () => {
  const seen: unknown[] = []
  const tasks = { note: { run: async (payload: unknown) => void seen.push(payload) } }
  const runners = [startRunner(tasks), startRunner(tasks), startRunner(tasks)]
  await waitFor(() => runners.every(({ runner }) => runner.counts !== undefined))
  const client = await db.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SELECT graphile_worker.add_job('note', '"undone"')`)
    await client.query('ROLLBACK')
    await client.query('BEGIN')
    await client.query(`SELECT graphile_worker.add_job('note', to_json('number ' || n)) FROM generate_series(1, 20) n`)
    expect(seen).toEqual([])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  await waitFor(() => seen.length >= 20)
  await waitFor(() => runners.flatMap(({ done }) => done).length === 20)
  expect(new Set(seen).size).toBe(20)
  expect(seen).not.toContain('undone')
})

test('a job whose process is killed is done by another one soon', async () => {
  const holder = await startGuarded(new URL('../../support/jobs/neverEnding.ts', import.meta.url), {
    DATABASE_URL: databaseUrl,
  })
  await add('work', { id: 1 })
  const takenBy = async () =>
    (await db.query('SELECT locked_by FROM graphile_worker.jobs')).rows[0]?.locked_by ?? undefined
  await waitFor(takenBy)
  const seen: unknown[] = []
  const { lines } = startRunner({ work: { run: async (payload) => void seen.push(payload) } })
  // Long enough taken to be freed, were it not for the process, which lives.
  await waitFor(async () => {
    const { rows } = await db.query(
      `SELECT locked_at < now() - interval '1 second' AS is_old FROM graphile_worker.jobs`,
    )
    return rows[0]?.is_old === true
  })
  expect(seen).toEqual([])
  process.kill(holder.pid, 'SIGKILL')
  await waitFor(() => seen.length === 1, { timeoutMs: 15_000 })
  expect(lines).toEqual(['warn jobs of processes that are gone were freed'])
})

test('what runs every minute runs at the start, once however many start, and its failures end with it', async () => {
  let running = 0
  let most = 0
  const tick = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    throw new Error('no luck')
  }
  const tasks = { tick: { everyMinute: true as const, run: tick } }
  const runners = [startRunner(tasks), startRunner(tasks)]
  await waitFor(() => runners.flatMap(({ done }) => done).length >= 1)
  // Two, where the second was added while the first was under way.
  await waitFor(() => runners.some(({ runner }) => (runner.counts?.failed ?? 0) >= 1))
  expect(most).toBe(1)
  const { rowCount } = await db.query(`SELECT FROM graphile_worker.jobs WHERE key = 'tick'`)
  expect(rowCount).toBe(1)
  expect(runners.flatMap(({ lines }) => lines).some((line) => line.includes('no luck'))).toBe(true)
})

test('a database that is away ends nothing: jobs go on when it is back', async () => {
  const url = new URL(databaseUrl)
  const proxy = await TcpProxy.start(Number(url.port))
  onTeardown(() => proxy.stop())
  url.port = String(proxy.port)
  proxy.impose({ admit: 'refuse' })
  const { runner, done, lines } = startRunner({ later: { run: async () => {} } }, { databaseUrl: url.href })
  await waitFor(() => lines.length > 0)
  expect(runner.counts).toBeUndefined()
  expect(await runner.add({ identifier: 'later', payload: {} })).toBe(false)
  proxy.calm()
  await waitFor(() => runner.counts, { timeoutMs: 15_000 })
  expect(await runner.add({ identifier: 'later', payload: {} })).toBe(true)
  await waitFor(() => done.includes('later ok'))
})

test('what waits keeps its place however often it is added: nobody who is added often goes first', async () => {
  const { runner } = startRunner({ later: { run: async () => {} } })
  await waitFor(() => runner.counts)
  const inAnHour = new Date(Date.now() + 3_600_000)
  await runner.add({ identifier: 'later', payload: {}, jobKey: 'one', runAt: inAnHour })
  await runner.add({ identifier: 'later', payload: {}, jobKey: 'one' })
  const { rows } = await db.query(`SELECT run_at FROM graphile_worker.jobs WHERE key = 'one'`)
  expect(rows).toEqual([{ run_at: inAnHour }])
})

test('what was added again while it was under way has not failed, also when its process is killed', async () => {
  const { runner } = startRunner({ later: { run: async (_, signal) => void (await once(signal, 'abort')) } })
  const { failed } = await waitFor(() => runner.counts)
  await runner.add({ identifier: 'later', payload: {}, jobKey: 'replaced' })
  await waitFor(() => runner.counts?.running === 1)
  await runner.add({ identifier: 'later', payload: {}, jobKey: 'replaced', runAt: new Date(Date.now() + 3_600_000) })
  // As `force_unlock_workers` leaves it.
  const { rows } = await db.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL WHERE locked_at IS NOT NULL
     RETURNING key, attempts = max_attempts AS used_up`,
  )
  expect(rows).toEqual([{ key: null, used_up: true }])
  await waitFor(() => runner.counts?.running === 0)
  expect(runner.counts).toMatchObject({ running: 0, failed })
})

test('a database that goes while a job is under way ends nothing: the job is done again', async () => {
  const url = new URL(databaseUrl)
  const proxy = await TcpProxy.start(Number(url.port))
  onTeardown(() => proxy.stop())
  url.port = String(proxy.port)
  let times = 0
  const cut = {
    async run() {
      times += 1
      if (times > 1) return
      proxy.impose({ admit: 'refuse' })
      proxy.resetAll()
    },
  }
  const { runner, lines } = startRunner({ cut }, { databaseUrl: url.href })
  await waitFor(() => runner.counts)
  await add('cut', {})
  // What nobody handles would end the process, and this run.
  await waitFor(() => lines.some((line) => line.includes('jobs cannot be worked on')), { timeoutMs: 20_000 })
  proxy.calm()
  await waitFor(() => times === 2, { timeoutMs: 30_000 })
})

test('a process that stops tells its jobs to end, and leaves what they did not finish to others', async () => {
  let begun = false
  const { runner } = startRunner({
    slow: {
      run: (_, signal) =>
        new Promise((_resolve, reject) => {
          begun = true
          signal.addEventListener('abort', () => reject(new Error('stopped')))
        }),
    },
  })
  await add('slow', {})
  await waitFor(() => begun)
  await runner.stop()
  const { rows } = await db.query(
    `SELECT locked_by, last_error FROM graphile_worker.jobs WHERE task_identifier = 'slow'`,
  )
  expect(rows).toEqual([{ locked_by: null, last_error: 'stopped' }])
})
