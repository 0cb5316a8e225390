import { expect, test } from 'vitest'
import { allCommands } from '@/contracts/all'
import { splitAddress } from '@/contracts/httpRequest'
import { find } from '@/embed/addresses'
import { GET } from '@/embed/route'

const ofThisProcess = allCommands.flatMap((command) => {
  if (typeof command.http !== 'string') return []
  const { method, path } = splitAddress(command.http)
  return path.startsWith('/api/') ? [{ command, method, path }] : []
})

test('every command of the web process is found at its address, with what the address names', () => {
  expect(ofThisProcess.length).toBeGreaterThan(50)
  for (const { command, method, path } of ofThisProcess) {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    const found = find(method, path.replaceAll(/:\w+/g, 'a%2Fb'))
    const params = names.length > 0 ? Object.fromEntries(names.map((name) => [name, 'a/b'])) : undefined
    expect(found, String(command.http)).toMatchObject({ command: { name: command.name }, params })
  }
})

test.each([
  ['GET', '/api/nothing', 404],
  ['GET', '/api/chat/rooms/%E0%A4%A', 404],
  ['DELETE', '/api/chat/messages', 405],
])('%s %s is %i', (method, path, status) => {
  expect(find(method, path)).toBe(status)
})

test('emojis have names, and health is said', async () => {
  for (const path of ['/emoji/en/data.json', '/emoji/en/messages.json', '/api/health']) {
    const response = await GET(new Request(`http://localhost${path}`))
    expect(response.status).toBe(200)
    expect(await response.json()).toBeTruthy()
  }
})
