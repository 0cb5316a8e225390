import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { withDatabase } from './support/connectDatabase'
import { inProject, projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'

/**
 * The web process of the container image: says at once what the configuration lacks, then becomes the server that Next
 * made (`server.js`), which listens on HOSTNAME and PORT and leaves in order on SIGTERM.
 */
const config = await loadRuntimeConfig(readEnvironment(), projectRoot).catch(fail)
await withDatabase(config.databaseUrl, async () => {}).catch(fail)
await refuseDemoAccounts(config).catch(fail)
process.env.PORT = String(config.port)
// Next leaves with 143 when it is told to stop; whoever asked takes anything but 0 for a failure.
process.on('exit', (code) => {
  if (code === 143) process.exitCode = 0
})
await import(inProject('server.js'))

function fail(error: unknown): Promise<never> {
  return runScript(() => Promise.reject(error))
}
