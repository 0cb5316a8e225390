import { createRequire } from 'node:module'
import { site } from '@/contracts/site'
import type { RuntimeConfig } from '@/lib/env/config'
import { nearestHost } from '@/lib/env/hosts'
import { availableHosts } from '@/lib/http/listenOn'
import { nextCommand, socketBundle } from './build'
import { inTandem } from './project'
import type { ProcessSpec } from './SupervisedProcess'

/** Next finishes requests in flight; the socket server says goodbye to its clients within 10 s. */
const GRACE_MS = { web: 5_000, socket: 12_000 }

export type Mode = 'start' | 'dev'

/** What a child is given: the environment, with everything that was found out or made put in. */
export const childEnvironment = (env: NodeJS.ProcessEnv, config: RuntimeConfig, mode: Mode): NodeJS.ProcessEnv => ({
  ...env,
  NODE_ENV: mode === 'dev' ? 'development' : 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  PORT: String(config.port),
  SOCKET_PORT: String(config.socketPort),
  DATA_DIR: config.dataDir,
  LOG_DIR: config.logDir,
  DATABASE_URL: config.databaseUrl,
  // For migrations alone: what serves people must not be able to change tables.
  DATABASE_MIGRATION_URL: undefined,
  SERVICE_KEY: config.serviceKey,
  // A ring stays as it was given; a single secret may have been made just now.
  ...(config.sessionTokenKeys.length === 1 &&
    !env.SESSION_TOKEN_SECRETS?.trim() && { SESSION_TOKEN_SECRET: config.sessionTokenKeys[0].secret }),
  // Our output is theirs: if a person reads it, they print for people.
  ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
})

/** Loaded before Next: see there. */
const listenAlsoOn = new URL('./listenAlsoOn.mjs', import.meta.url).href

export async function webProcess(config: RuntimeConfig, env: NodeJS.ProcessEnv, mode: Mode): Promise<ProcessSpec> {
  const [host, alsoOn = ''] = await availableHosts(config.hosts)
  return {
    name: 'web',
    args: ['--import', listenAlsoOn, nextCommand, mode, '--hostname', host, '--port', String(config.port)],
    env: { ...env, LISTEN_ALSO_ON: alsoOn },
    isReady: () => answers(`http://${nearestHost(config.hosts)}:${config.port}${site.mount}/api/health`),
    graceMs: GRACE_MS.web,
    quietStart: mode === 'start',
  }
}

export function socketProcess(config: RuntimeConfig, env: NodeJS.ProcessEnv, mode: Mode): ProcessSpec {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli')
  const watch = [tsx, 'watch', '--clear-screen=false', inTandem('src', 'server', 'websocket-standalone.ts')]
  return {
    name: 'socket',
    args: mode === 'dev' ? watch : ['--enable-source-maps', socketBundle],
    env,
    isReady: () => answers(`http://${nearestHost(config.hosts)}:${config.socketPort}/health/ready`),
    graceMs: GRACE_MS.socket,
    quietStart: mode === 'start',
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok
  } catch {
    return false
  }
}
