import { expect, test } from 'vitest'
import { seed } from '../../../prisma/seed'
import { startServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'

test('in a strict process nobody enters as somebody of the demo, even if an account came in since its start', async () => {
  const servers = await startServers({ webEnv: { APP_ENV: 'staging', PUBLIC_URL: 'https://chat.example.com' } })
  const enter = () => http(servers.webUrl, 'POST', '/api/auth/demo', { email: 'ada@example.com' })
  expect((await enter()).status).toBe(404)
  await seed({ databaseUrl: servers.databaseUrl, password: async () => 'a long password' })
  const answer = await enter()
  expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
  expect(answer.headers.get('set-cookie')).toBeNull()
})
