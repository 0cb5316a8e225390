import { connect } from 'node:net'
import { onlyKey } from '@/lib/auth/keyRing'
import { ConfigError } from './ConfigError'
import type { RuntimeConfig } from './config'
import { databaseUrlOf, readDatabaseRecord } from './databaseRecord'
import { parseConfig } from './parseConfig'
import { loadSecret } from './secrets'

/**
 * A configuration with nothing left open: absent secrets come from files in DATA_DIR (made once), an absent DATABASE_URL
 * from the embedded database that runs there. Starts nothing; throws a ConfigError that says what to do.
 */
export async function loadRuntimeConfig(env: NodeJS.ProcessEnv, cwd: string = process.cwd()): Promise<RuntimeConfig> {
  const config = parseConfig(env, cwd)
  return {
    ...config,
    databaseUrl: config.databaseUrl ?? (await runningDatabaseUrl(config.dataDir)),
    serviceKey: config.serviceKey ?? (await loadSecret(config.dataDir, 'service-key', 'SERVICE_KEY')),
    sessionTokenKeys:
      config.sessionTokenKeys ??
      onlyKey(await loadSecret(config.dataDir, 'session-token-secret', 'SESSION_TOKEN_SECRET')),
  }
}

async function runningDatabaseUrl(dataDir: string): Promise<string> {
  const record = await readDatabaseRecord(dataDir)
  if (record && (await isListening(record.port))) return databaseUrlOf(record)
  throw new ConfigError([{ variable: 'DATABASE_URL', problem: 'No database: run pnpm start, or set DATABASE_URL.' }])
}

/** Whether anything accepts connections on 127.0.0.1 at this port, within a second. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 })
    const answer = (listening: boolean) => {
      socket.destroy()
      resolve(listening)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}
