import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { databaseUrlOf, readDatabaseRecord } from '@/lib/env/databaseRecord'
import { freeLocalPort } from '../../scripts/support/ports'
import { waitFor } from '../support/waitFor'
import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newAccount } from './support/people'

test('a web process that is told to stop writes what is left for the audit log', async () => {
  const dataDir = process.env.E2E_DATA_DIR ?? ''
  const record = await readDatabaseRecord(dataDir)
  if (!record) throw new Error('The app has no database.')
  const port = await freeLocalPort(undefined)
  const web = spawn(process.execPath, ['--import', 'tsx', 'scripts/start-web.ts'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrlOf(record),
      DATA_DIR: dataDir,
      PORT: String(port),
      SOCKET_PORT: process.env.E2E_SOCKET_PORT,
      LOG_DIR: 'reports/e2e-logs',
    },
    stdio: 'ignore',
  })
  const ended = once(web, 'exit')
  try {
    const base = `http://127.0.0.1:${port}`
    const isUp = () =>
      fetch(`${base}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    await waitFor(isUp, { timeoutMs: 60_000 })
    const answer = await fetch(`${base}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-correlation-id': `stop-${port}` },
      body: JSON.stringify(newAccount('Ida')),
    })
    expect(answer.status).toBe(201)
    // At once: a batch is written after a second.
    web.kill('SIGTERM')
    await ended
    const { rows } = await withDatabase((db) =>
      db.query('SELECT action, outcome FROM audit_log WHERE correlation_id = $1', [`stop-${port}`]),
    )
    expect(rows).toEqual([{ action: 'register', outcome: 'ok' }])
  } finally {
    web.kill('SIGKILL')
  }
})
