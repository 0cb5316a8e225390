import { withDatabase } from './support/database'
import { expect, test } from './support/fixtures'
import { newAccount } from './support/people'
import { withWebProcess } from './support/webProcess'

test('a web process that is told to stop writes what is left for the audit log', async () => {
  await withWebProcess({}, async ({ port, url, stop }) => {
    const answer = await fetch(`${url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-correlation-id': `stop-${port}` },
      body: JSON.stringify(newAccount('Ida')),
    })
    expect(answer.status).toBe(201)
    // At once: a batch is written after a second.
    await stop()
    const { rows } = await withDatabase((db) =>
      db.query('SELECT action, outcome FROM audit_log WHERE correlation_id = $1', [`stop-${port}`]),
    )
    expect(rows).toEqual([{ action: 'register', outcome: 'ok' }])
  })
})
