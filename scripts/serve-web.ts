import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { availableHosts } from '@/lib/http/listenOn'
import './support/listenAlsoOn.mjs'
import { withDatabase } from './support/connectDatabase'
import { inProject, projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'

/**
 * The web process of the container image: says at once what the configuration lacks, then becomes the server that Next
 * made (`server.js`), which listens on HOST and PORT and leaves in order on SIGTERM.
 */
const config = await loadRuntimeConfig(readEnvironment(), projectRoot).catch(fail)
await withDatabase(config.databaseUrl, async () => {}).catch(fail)
await refuseDemoAccounts(config).catch(fail)
const [host, alsoOn = ''] = await availableHosts(config.hosts).catch(fail)
Object.assign(process.env, { PORT: String(config.port), HOSTNAME: host, LISTEN_ALSO_ON: alsoOn })
// Next leaves with 143 when it is told to stop; whoever asked takes anything but 0 for a failure.
process.on('exit', (code) => {
  if (code === 143) process.exitCode = 0
})
await import(inProject('server.js'))

function fail(error: unknown): Promise<never> {
  return runScript(() => Promise.reject(error))
}
