import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { databaseUrlOf, readDatabaseRecord } from '@/lib/env/databaseRecord'
import { freeLocalPort } from '../../../scripts/support/ports'
import { waitFor } from '../../support/waitFor'

export interface WebProcess {
  port: number
  /** `http://127.0.0.1:port` */
  url: string
  /** Tells it to stop; resolves when it is gone. */
  stop(): Promise<void>
}

/** One more web process on the app's database, with these variables beside the app's own, for as long as the work takes. */
export async function withWebProcess(
  env: Record<string, string>,
  work: (web: WebProcess) => Promise<void>,
): Promise<void> {
  const dataDir = process.env.E2E_DATA_DIR ?? ''
  const record = await readDatabaseRecord(dataDir)
  if (!record) throw new Error('The app has no database.')
  const port = await freeLocalPort(undefined)
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start-web.ts'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrlOf(record),
      DATA_DIR: dataDir,
      PORT: String(port),
      SOCKET_PORT: process.env.E2E_SOCKET_PORT,
      LOG_DIR: 'reports/e2e-logs',
      ...env,
    },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const isUp = () =>
    fetch(`${url}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    )
  try {
    await waitFor(isUp, { timeoutMs: 60_000 })
    await work({
      port,
      url,
      async stop() {
        child.kill('SIGTERM')
        await ended
      },
    })
  } finally {
    child.kill('SIGKILL')
  }
}
