import { EventEmitter, setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { AddJobsJobSpec } from 'graphile-worker'
import pTimeout from 'p-timeout'
import { CONNECTIONS, createJobsPool, type JobsPool, workerName } from '@/lib/db/jobsPool'
import type { Logger } from '@/services/shared/Logger'

/** Jobs that one process works on at a time: one connection listens. */
const AT_ONCE = CONNECTIONS - 1
/** How often is looked for jobs whose time has come, in milliseconds; new ones are heard of at once. */
const POLL_MS = 5_000
const PACE: JobPace = { watchMs: 10_000, orphanedAfterMs: 15_000 }
const AFTER_FAILURE_MS = 5_000
/** How long jobs that were told to stop may take, in milliseconds. */
const GOODBYE_MS = 4_000

/** What is done with the jobs of one name. A job may be done twice: a process can die after the work and before that is noted. */
export interface Task {
  /** @param signal - aborted when the process stops: the job is to end soon, and is done again if it throws. */
  run(payload: unknown, signal: AbortSignal): Promise<void>
  /** There is a job once a minute and when a process starts; two are never worked on at a time. */
  everyMinute?: true
}

/** The jobs of all processes together. */
export interface JobCounts {
  /** Their time has come, and nobody has taken them. */
  waiting: number
  running: number
  /** They failed as often as they may. */
  failed: number
}

export interface JobRunnerDeps {
  /** A direct connection: LISTEN does not work through a transaction pooler. */
  databaseUrl: string
  tasks: Record<string, Task>
  /** Told of each job that ended in this process. */
  onDone: (task: string, outcome: 'ok' | 'failed', durationMs: number) => void
  logger: Logger
  pace?: JobPace
}

/** In milliseconds. */
export interface JobPace {
  /** How often is looked how the queue is, and for jobs of processes that are gone. */
  watchMs: number
  /** A job whose process is gone is freed when it was taken longer ago than this. */
  orphanedAfterMs: number
}

/**
 * Works, with however many other processes, on the jobs that wait in PostgreSQL (graphile-worker). While the database is
 * away it tries again and again. The package is loaded after the start, and keeps a killed process's jobs for hours: here
 * those whose process is gone are freed within half a minute.
 */
export class JobRunner {
  private readonly stopping = new AbortController()
  /** While the queue is served. */
  private pool: JobsPool | undefined
  private serving: Promise<void> = Promise.resolve()
  private counted: JobCounts | undefined

  private readonly pace: JobPace

  constructor(private readonly deps: JobRunnerDeps) {
    this.pace = deps.pace ?? PACE
    // A job may have many things under way, each of which ends with it.
    setMaxListeners(0, this.stopping.signal)
  }

  /** As they were some seconds ago; undefined: the queue does not answer. */
  get counts(): JobCounts | undefined {
    return this.counted
  }

  /** Does not wait for the database. */
  start(): void {
    this.serving = this.serve()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await pTimeout(this.serving, { milliseconds: GOODBYE_MS, message: false })
  }

  /** Those that wait under their keys already stay where they are in the order. False: the queue does not answer. */
  async add(...jobs: AddJobsJobSpec[]): Promise<boolean> {
    if (!this.pool) return false
    if (jobs.length === 0) return true
    const specs = jobs.map(({ identifier, payload, queueName, runAt, maxAttempts, jobKey }) => ({
      identifier,
      payload,
      queue_name: queueName,
      run_at: runAt,
      max_attempts: maxAttempts,
      job_key: jobKey,
    }))
    try {
      // One transaction for all of them, which the package has for its own jobs alone.
      await this.pool.query(
        `SELECT FROM graphile_worker.add_jobs(
           ARRAY(SELECT json_populate_recordset(NULL::graphile_worker.job_spec, $1::json)), true)`,
        [JSON.stringify(specs)],
      )
      return true
    } catch (error) {
      this.deps.logger.warn('jobs could not be added', { tasks: jobs.map(({ identifier }) => identifier), error })
      return false
    }
  }

  private async serve(): Promise<void> {
    const { signal } = this.stopping
    while (!signal.aborted) {
      const pool = createJobsPool(this.deps.databaseUrl, this.deps.logger)
      const watch = setInterval(() => void this.look(pool), this.pace.watchMs)
      try {
        await this.serveOnce(pool)
      } catch (error) {
        this.deps.logger.warn('jobs cannot be worked on; it is tried again', { error })
      }
      clearInterval(watch)
      this.pool = undefined
      this.counted = undefined
      await pTimeout(pool.end(), { milliseconds: GOODBYE_MS, message: false })
      await pause(AFTER_FAILURE_MS, undefined, { signal }).catch(() => {})
    }
  }

  /** Until the process stops, or the queue gives its database up. */
  private async serveOnce(pool: JobsPool): Promise<void> {
    const { tasks, logger } = this.deps
    const { Logger: QueueLogger, parseCronItems, run } = await import('graphile-worker')
    const everyMinute = Object.keys(tasks).filter((task) => tasks[task]?.everyMinute)
    const events = new EventEmitter()
    // It ends by itself then; should it wait for what does not come, it is left.
    const givenUp = new Promise<never>((_, reject) => {
      events.once('pool:fatalError', ({ error }) => setTimeout(reject, GOODBYE_MS, error))
    })
    givenUp.catch(() => {}) // said below
    events.on('pool:listen:success', ({ workerPool, client }) => {
      // After the LISTEN that follows: a connection that is lost before that is opened anew.
      client.once('drain', () => {
        client.query("SELECT set_config('application_name', $1, false)", [workerName(workerPool.id)]).catch(() => {})
      })
    })
    const runner = await run({
      pgPool: pool,
      events,
      concurrency: AT_ONCE,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      // Else nobody waits for what notes that a job is done, and when the database goes just then the process ends.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, this.work(name, task)])),
      parsedCronItems: parseCronItems(
        everyMinute.map((task) => ({ task, match: '* * * * *', options: { ...aloneAs(task), backfillPeriod: 0 } })),
      ),
      logger: new QueueLogger(() => (level, message, meta) => {
        if (level === 'error' || level === 'warning') logger.warn(message, { error: meta?.error })
      }),
    })
    const stop = () => void runner.stop().catch(() => {}) // it may have ended by itself
    this.stopping.signal.addEventListener('abort', stop, { once: true })
    if (this.stopping.signal.aborted) stop()
    else {
      this.pool = pool
      for (const task of everyMinute) await this.add({ identifier: task, payload: {}, ...aloneAs(task) })
      await this.look(pool)
    }
    await Promise.race([runner.promise, givenUp]).finally(() => this.stopping.signal.removeEventListener('abort', stop))
  }

  private work(name: string, task: Task) {
    return async (payload: unknown): Promise<void> => {
      const began = performance.now()
      let outcome: 'ok' | 'failed' = 'failed'
      try {
        await task.run(payload, this.stopping.signal)
        outcome = 'ok'
      } finally {
        this.deps.onDone(name, outcome, performance.now() - began)
      }
    }
  }

  /**
   * Counts, and frees the jobs whose process is gone. A moment without its connection counts for nothing; and what was
   * added again while it was under way loses its key and its attempts, without having failed.
   */
  private async look(pool: JobsPool): Promise<void> {
    try {
      const { rows } = await pool.query<JobCounts & { freed: number }>(
        `WITH gone AS (
           SELECT DISTINCT j.locked_by FROM graphile_worker.jobs j
           WHERE j.locked_at < now() - $2 * interval '1 millisecond'
             AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.application_name = $1 || j.locked_by)
         ), freed AS MATERIALIZED (
           SELECT graphile_worker.force_unlock_workers(array_agg(g.locked_by)), count(*) AS n FROM gone g HAVING count(*) > 0
         )
         SELECT count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= now())::int AS waiting,
           count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running,
           count(*) FILTER (WHERE locked_at IS NULL AND attempts >= max_attempts
             AND (key IS NOT NULL OR last_error IS NOT NULL))::int AS failed,
           coalesce((SELECT n FROM freed), 0)::int AS freed
         FROM graphile_worker.jobs`,
        [workerName(''), this.pace.orphanedAfterMs],
      )
      const [row] = rows
      if (!row) return
      const { freed, ...counts } = row
      this.counted = counts
      if (freed > 0) this.deps.logger.warn('jobs of processes that are gone were freed', { processes: freed })
    } catch {
      // The queue says what is wrong with the database.
      this.counted = undefined
    }
  }
}

/** One job, however often it is added; failing counts for nothing, since there will be another. */
export const aloneAs = (task: string) => ({ jobKey: task, queueName: task, maxAttempts: 1 })
