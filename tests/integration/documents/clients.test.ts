import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { ensurePython, ensureSystemTool } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers()
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
})

const accountOf = ({ email, password }: TestUser) => ({ TANDEM: servers.webUrl, EMAIL: email, PASSWORD: password })

let sent = 0
const says = async (user: TestUser, message: string): Promise<void> => {
  sent += 1
  const { status } = await user.http('POST', '/api/chat/messages', { roomId, message, clientId: `test-${sent}` })
  expect(status).toBe(201)
}

const stored = async (): Promise<string[]> => {
  const { rows } = await servers.db.query<{ message: string }>(
    'SELECT message FROM messages WHERE room_id = $1 ORDER BY seq',
    [roomId],
  )
  return rows.map(({ message }) => message)
}

/** Ends every socket that this person has, as an administrator would. */
async function disconnect(user: TestUser): Promise<void> {
  const [{ url }] = servers.sockets
  const headers = { authorization: `Bearer ${servers.serviceKey}` }
  const answer = await fetch(`${url}/admin/connections?query=${user.id}`, { headers })
  const { connections } = (await answer.json()) as { connections: { id: string }[] } // the contract's answer
  expect(connections.length).toBeGreaterThan(0)
  for (const { id } of connections) await fetch(`${url}/admin/disconnect/${id}`, { method: 'POST', headers })
}

/** Runs the example; it ends when its standard input does. */
function startPython(user: TestUser) {
  const python = spawn(ensurePython(), ['examples/python/chat.py', roomId], {
    env: { ...process.env, ...accountOf(user) },
  })
  onTeardown(() => void python.kill('SIGKILL'))
  let output = ''
  for (const stream of [python.stdout, python.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  /** The messages it has printed, of this and of earlier times. */
  const heard = () => [...output.matchAll(/^\d+ (.*)$/gm)].map(([, text]) => text)
  const hears = (text: string) => waitFor(() => heard().includes(text), { what: () => `${text}, after: ${output}` })
  return { python, heard, hears, output: () => output }
}

test('the client in Python sends once, hears, and misses nothing while it is away', async () => {
  await says(grace, 'before it came')
  const { python, heard, hears, output } = startPython(ada)
  await hears('before it came')

  python.stdin.write('from Python\n')
  await says(grace, 'live')
  await Promise.all([hears('from Python'), hears('live')])

  // Frozen meanwhile, so that it cannot be back before both are said.
  python.kill('SIGSTOP')
  await disconnect(ada)
  await says(grace, 'while it was away')
  await says(grace, 'and again')
  python.kill('SIGCONT')
  await hears('and again')
  expect(output()).toContain('Caught up: 2')

  python.stdin.end('from Python, after that\n')
  const [code] = await once(python, 'exit')
  expect(code).toBe(0)
  expect((await stored()).at(-1)).toBe('from Python, after that')
  expect(heard()).toEqual((await stored()).slice(0, heard().length))
  expect(heard().length).toBeGreaterThanOrEqual(5)
})

test('curl alone signs in, sends once, and reads what has changed since', async () => {
  await Promise.all([ensureSystemTool('curl'), ensureSystemTool('jq')])
  await says(ada, 'before curl came')
  const before = await stored()
  const { stdout } = await promisify(execFile)('sh', ['examples/curl/chat.sh', 'Hello from "a shell"'], {
    env: { ...process.env, ...accountOf(grace) },
  })
  const seq = before.length + 1
  expect(stdout.split('\n')).toEqual([
    'Signed in as Grace',
    `Room ${roomId} is at ${before.length}`,
    `Sent, first: ${seq}`,
    `Sent, second: ${seq}`,
    `${seq} Hello from "a shell"`,
    expect.stringMatching(/^By GraphQL: Ada, \d+ unread$/),
    '',
  ])
  expect(await stored()).toEqual([...before, 'Hello from "a shell"'])
})
