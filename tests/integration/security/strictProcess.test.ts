import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

const { webUrl, user } = await startServers({
  webEnv: { APP_ENV: 'production', PUBLIC_URL: 'https://chat.example.com', REGISTRATION: 'open' },
})

test('every answer of the web process tells browsers to come by https, whatever was asked', async () => {
  const ada = await user('Ada')
  const answers = {
    '/api/auth/session': await ada.http('GET', '/api/auth/session'),
    '/api/health': await http(webUrl, 'GET', '/api/health'),
    'a refusal': await http(webUrl, 'GET', '/api/chat/rooms'),
    'figures for nobody': await http(webUrl, 'GET', '/api/metrics'),
    'an address that leads nowhere': await http(webUrl, 'GET', '/nothing/here'),
  }
  for (const [what, { headers }] of Object.entries(answers)) {
    expect(headers.get('strict-transport-security'), what).toBe('max-age=31536000; includeSubDomains')
  }
  expect(Object.values(answers).map(({ status }) => status)).toEqual([200, 200, 401, 401, 404])
})

test('it says once that it is behind a proxy that it was not told of', async () => {
  const said = async () => {
    const dir = process.env.LOG_DIR ?? ''
    const files = (await readdir(dir)).filter((name) => name.endsWith('.log'))
    const lines = (await Promise.all(files.map((name) => readFile(join(dir, name), 'utf8')))).join('').split('\n')
    return new Set(lines.filter((line) => line.includes('TRUSTED_PROXY_HOPS'))).size
  }
  await http(webUrl, 'GET', '/api/auth/session')
  expect(await said()).toBe(0)
  for (let i = 0; i < 3; i += 1) {
    await http(webUrl, 'GET', '/api/auth/session', undefined, { 'x-forwarded-for': '203.0.113.1' })
  }
  await waitFor(async () => (await said()) > 0)
  expect(await said()).toBe(1)
})
