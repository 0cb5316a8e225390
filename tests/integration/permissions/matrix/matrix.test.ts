import { beforeAll, describe, expect, test } from 'vitest'
import { allCommands, plainAddresses } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { startIdentityProvider } from '../../../support/servers/identityProvider'
import { startServers, type TestServers } from '../../../support/servers/servers'
import { http } from '../../../support/servers/testUser'
import { rowOf } from './rows'
import { samples } from './samples'
import { createWorld, setPermissions, type World } from './world'

let servers: TestServers
let shared: World

beforeAll(async () => {
  const google = await startIdentityProvider()
  servers = await startServers({
    // Nobody is there: what is asked for waits.
    mail: { smtpUrl: 'smtp://127.0.0.1:1', from: 'tandem@example.com' },
    webEnv: {
      GOOGLE_CLIENT_ID: 'tandem',
      GOOGLE_CLIENT_SECRET: 'a secret between the two',
      GOOGLE_ISSUER: google.issuer,
      PUBLIC_URL: 'http://chat.test:3000',
    },
  })
  // For the one command that asks the socket server on its caller's behalf; read at the first request.
  process.env.SOCKET_INTERNAL_URL = servers.sockets[0].url
  shared = await createWorld(servers)
})

const named = (commands: readonly Command[]) => commands.map((command) => [command.name, command] as const)

describe('who may do what over HTTP', () => {
  test.each(named(allCommands.filter(({ http: address }) => typeof address === 'string')))('%s', async (_, command) => {
    const { is, shouldBe } = await rowOf(servers, shared, command, 'http')
    expect(is).toEqual(shouldBe)
  })
})

describe('who may do what over a socket', () => {
  test.each(
    allCommands
      .filter(({ namespace }) => namespace !== null)
      .map((command) => [`${command.namespace} ${command.name}`, command] as const),
  )('%s', async (_, command) => {
    const { is, shouldBe } = await rowOf(servers, shared, command, 'socket')
    expect(is).toEqual(shouldBe)
  })
})

test.each(plainAddresses)('%s is open to everybody', async (address) => {
  const [method = '', path = ''] = address.split(' ')
  const response = await fetch(servers.webUrl + path, { method, redirect: 'manual' })
  // Sign-in elsewhere sends people there and back, a mail's link to its page.
  const leadsOn = ['/api/auth/google', '/api/mail/'].some((start) => path.startsWith(start))
  expect(response.status).toBe(leadsOn ? 302 : 200)
})

test('a sample that no command has any more is removed', () => {
  const names = allCommands.map(({ name }) => name)
  expect(Object.keys(samples).filter((name) => !names.includes(name))).toEqual([])
})

test('a session whose permission is taken is refused at its next request', async () => {
  const user = await servers.user()
  const search = () => http(servers.webUrl, 'GET', '/api/users', undefined, { cookie: user.cookie })
  expect((await search()).status).toBe(200)
  await setPermissions(servers, user, { removed: ['users:search'] })
  expect(await search()).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } })
})
