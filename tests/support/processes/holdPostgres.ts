import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureEmbeddedPostgres } from '../../../scripts/support/embeddedPostgres'
import { guard } from '../guardedProcess'
import { thaw } from './postgresProcesses'

/** What the guarded process that holds the cluster says when it is ready. */
export interface PostgresReady {
  /** Connection string of the cluster's own database; its user may create databases. */
  url: string
  /** For whoever starts it again after a crash. */
  dataDir: string
  clusterDir: string
}

// A script of its own, so that the cluster goes when the run is killed.
await guard<PostgresReady>(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-tests-'))
  const removeDataDir = () => rm(dataDir, { recursive: true, force: true })
  // PostgreSQL refuses to be root: then it runs as another user, who has to get in.
  await chmod(dataDir, 0o755)
  try {
    const { url, clusterDir, stop } = await ensureEmbeddedPostgres({ dataDir })
    return {
      ready: { url, dataDir, clusterDir },
      stop: async () => {
        // The run may have ended while it was frozen.
        thaw(clusterDir)
        await stop().finally(removeDataDir)
      },
    }
  } catch (error) {
    await removeDataDir()
    throw error
  }
})
