import { spawn } from 'node:child_process'
import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import type { RuntimeConfig } from '@/lib/env/config'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { availableHosts } from '@/lib/http/listenOn'
import { isBuilt } from './build'
import { withDatabase } from './connectDatabase'
import { reservePort } from './ports'
import { signal } from './processes'
import { childEnvironment } from './processSpecs'
import { projectRoot, readEnvironment } from './project'
import { ScriptError } from './ScriptError'
import { leash, type ProcessSpec } from './SupervisedProcess'
import { listenForStop } from './stopSignal'

export interface AloneOptions {
  port: (config: RuntimeConfig) => number
  /** The setting that chooses the port. */
  portVariable: string
  spec: (config: RuntimeConfig, env: NodeJS.ProcessEnv, mode: 'start') => ProcessSpec | Promise<ProcessSpec>
}

/**
 * Runs one of the two processes against the database that is there, building and migrating nothing. When it dies, so do
 * we, with its exit code: whoever started us decides what then. Told to stop, it gives 0.
 */
export async function runAlone({ port, portVariable, spec }: AloneOptions): Promise<number> {
  const stop = listenForStop()
  const env = readEnvironment()
  const config = await loadRuntimeConfig(env, projectRoot)
  await withDatabase(config.databaseUrl, async () => {})
  await refuseDemoAccounts(config)
  if (!isBuilt())
    throw new ScriptError('There is no build yet. Run pnpm build (or pnpm start, which builds too) first.')
  await (await reservePort(port(config), portVariable, await availableHosts(config.hosts))).release()
  if (stop.signal.aborted) return 0
  const { args, env: childEnv, graceMs } = await spec(config, childEnvironment(env, config, 'start'), 'start')
  const child = spawn(process.execPath, ['--import', leash, ...args], {
    cwd: projectRoot,
    env: childEnv,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = (): void => {
    if (child.pid !== undefined) signal(-child.pid, 'SIGKILL')
  }
  stop.signal.addEventListener('abort', () => {
    child.kill('SIGTERM')
    setTimeout(kill, graceMs).unref()
  })
  stop.onInsist(kill)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(stop.signal.aborted ? 0 : (code ?? 1)))
  })
}
