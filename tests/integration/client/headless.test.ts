import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startServers } from '../../support/servers/servers'
import { asked } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const EXAMPLE = 'examples/headless/chat.ts'

test('the example without a page has 40 lines at most', async () => {
  expect((await readFile(EXAMPLE, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(40)
})

test('it sends and receives in plain Node, and goes on when the socket server is restarted', async () => {
  const servers = await startServers()
  const [ada, grace] = [await servers.user('Ada'), await servers.user('Grace')]
  const [first] = servers.sockets
  const child = spawn(process.execPath, ['--import', 'tsx', EXAMPLE, grace.email], {
    env: { ...process.env, TANDEM_URL: servers.webUrl, TANDEM_EMAIL: ada.email, TANDEM_PASSWORD: ada.password },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTeardown(() => {
    child.kill('SIGKILL')
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += String(chunk)))
  const type = (text: string) => child.stdin.write(`${text}\n`)
  const hears = (text: string) => waitFor(() => said.includes(text), { timeoutMs: 20_000 })
  const isLive = () => said.match(/^\((\w+)\)$/gm)?.at(-1) === '(connected)'

  await hears('(connected)')
  type('before')
  await hears('you: before')
  const { rooms } = (await grace.http('GET', '/api/chat/rooms')).body as { rooms: { id: string }[] } // as the contract has it
  const roomId = rooms[0]?.id ?? ''
  await asked(await grace.connect(), 'sendMessage', { roomId, message: 'I hear you', clientId: 'g-1' })
  await hears('Grace: I hear you')

  await first.app.close()
  await waitFor(() => !isLive(), { timeoutMs: 20_000 })
  type('meanwhile')
  await servers.startSocket({}, {}, Number(new URL(first.url).port))
  await waitFor(isLive, { timeoutMs: 40_000 })
  type('afterwards')
  await hears('you: afterwards')
  await asked(await grace.connect(), 'sendMessage', { roomId, message: 'Still here', clientId: 'g-2' })
  await hears('Grace: Still here')

  const shown = said.split('\n').filter((line) => line.includes(': '))
  expect(shown).toEqual(['you: before', 'Grace: I hear you', 'you: meanwhile', 'you: afterwards', 'Grace: Still here'])
  child.stdin.end()
  await waitFor(() => child.exitCode !== null)
  expect(child.exitCode).toBe(0)
})
