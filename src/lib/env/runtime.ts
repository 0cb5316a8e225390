import { connect } from 'node:net'
import path from 'node:path'
import { onlyKey } from '@/lib/auth/keyRing'
import { type VapidKeys, vapidKeysOf } from '../push/vapid'
import { isStrict } from './appEnv'
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
    // A strict installation keeps its secrets in its configuration; without this one it sends no pushes.
    vapid: config.vapid ?? (isStrict(config.appEnv) ? undefined : await ownVapidKeys(config.dataDir)),
    sessionTokenKeys:
      config.sessionTokenKeys ??
      onlyKey(await loadSecret(config.dataDir, 'session-token-secret', 'SESSION_TOKEN_SECRET')),
  }
}

/**
 * Any 32 bytes are a private key, and the public one follows from it. Undefined where the directory keeps nothing: whoever has
 * set all that a start needs does without pushes.
 */
async function ownVapidKeys(dataDir: string): Promise<VapidKeys | undefined> {
  const [file, variable] = ['vapid-private-key', 'VAPID_PRIVATE_KEY']
  const secret = await loadSecret(dataDir, file, variable).catch(() => undefined)
  if (secret === undefined) return undefined
  try {
    return vapidKeysOf(secret)
  } catch {
    throw new ConfigError([{ variable, problem: `${path.join(dataDir, file)} holds none: delete it and start again.` }])
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
