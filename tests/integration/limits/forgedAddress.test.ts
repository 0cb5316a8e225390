import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'

test('without proxies a client cannot choose its address: X-Forwarded-For counts for nothing', async () => {
  const { webUrl } = await startServers({ limits: { auth: { points: 2, seconds: 60 } } })
  const email = `${randomUUID()}@example.com`
  const answers = []
  for (const forged of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
    const headers = { 'x-forwarded-for': forged, 'x-real-ip': forged, forwarded: `for=${forged}` }
    answers.push((await http(webUrl, 'POST', '/api/auth/login', { email, password: 'a guess' }, headers)).status)
  }
  expect(answers).toEqual([401, 401, 429])
})
