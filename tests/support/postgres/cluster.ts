import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureEmbeddedPostgres } from '../../../scripts/support/embeddedPostgres'
import { guard } from '../guardedProcess'

/** What the guarded process that holds the cluster says when it is ready. */
export interface ClusterReady {
  /** Connection string of the cluster's own database; its user may create databases. */
  url: string
}

// A script of its own: started by globalSetup.ts.
await guard<ClusterReady>(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-tests-'))
  const removeDataDir = () => rm(dataDir, { recursive: true, force: true })
  // PostgreSQL refuses to be root: then it runs as another user, who has to get in.
  await chmod(dataDir, 0o755)
  try {
    const { url, stop } = await ensureEmbeddedPostgres({ dataDir })
    return { ready: { url }, stop: () => stop().finally(removeDataDir) }
  } catch (error) {
    await removeDataDir()
    throw error
  }
})
