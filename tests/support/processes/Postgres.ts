import { migrate } from '@/lib/db/migrate'
import { migrateJobs } from '@/lib/jobs/migrateJobs'
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from '../../../scripts/support/embeddedPostgres'
import { findPostmaster } from '../../../scripts/support/postmaster'
import { isAlive, signal } from '../../../scripts/support/processes'
import { type GuardedProcess, startGuarded } from '../guardedProcess'
import { waitFor } from '../waitFor'
import type { PostgresReady } from './holdPostgres'
import { freeze, thaw } from './postgresProcesses'

/** A PostgreSQL cluster of the run's own, with what can happen to one. */
export class Postgres {
  /** Holds of this process, one for each time it was started again. */
  private readonly held: EmbeddedPostgres[] = []

  private constructor(private readonly holder: GuardedProcess<PostgresReady>) {}

  /** Resolves when it has the product's tables. */
  static async start(): Promise<Postgres> {
    const postgres = new Postgres(await startGuarded<PostgresReady>(new URL('./holdPostgres.ts', import.meta.url)))
    const migrationsDir = new URL('../../../prisma/migrations', import.meta.url).pathname
    try {
      await migrate({ databaseUrl: postgres.url, migrationsDir })
      await migrateJobs(postgres.url)
    } catch (error) {
      await postgres.stop()
      throw error
    }
    return postgres
  }

  get url(): string {
    return this.holder.ready.url
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** As `pg_ctl restart -m immediate`: every process quits at once, and the next start recovers from the log. */
  async restartImmediately(): Promise<void> {
    const postmaster = findPostmaster(this.holder.ready.clusterDir)
    if (!postmaster) throw new Error('PostgreSQL does not run.')
    signal(postmaster.pid, 'SIGQUIT')
    await waitFor(() => !isAlive(postmaster), { what: 'PostgreSQL to quit' })
    const again = await ensureEmbeddedPostgres({ dataDir: this.holder.ready.dataDir })
    this.held.push(again)
    if (again.port !== this.port) throw new Error('PostgreSQL came back at another port.')
  }

  freeze(): void {
    freeze(this.holder.ready.clusterDir)
  }

  thaw(): void {
    thaw(this.holder.ready.clusterDir)
  }

  async stop(): Promise<void> {
    this.thaw()
    for (const hold of this.held) await hold.stop()
    await this.holder.stop()
  }
}
