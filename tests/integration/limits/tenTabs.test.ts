import { beforeAll, expect, test } from 'vitest'
import type { TandemClient } from '@/client/TandemClient'
import type { RateLimitModule } from '@/contracts/rateLimits'
import { rateLimitDefaults } from '@/contracts/rateLimits'
import { rateLimitVariable, rateLimitVariables } from '@/lib/env/variables'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { freshStorage, openPage, textsOf } from '../client/pages'

let servers: TestServers

beforeAll(async () => {
  const parsed = rateLimitVariables.parse({})
  const limits = Object.fromEntries(
    Object.keys(rateLimitDefaults).map((module) => [module, parsed[rateLimitVariable(module as RateLimitModule)]]),
  )
  servers = await startServers({ limits })
})

/** How often each process allowed, warned and refused, by `module decision`. */
async function decisions(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const url of [`${servers.webUrl}/api/metrics`, `${servers.sockets[0].url}/metrics`]) {
    const text = await (await fetch(url, { headers: { accept: 'text/plain' } })).text()
    for (const [, labels = '', value] of text.matchAll(/^tandem_rate_limit_decisions_total\{(.*)\} (\d+)/gm)) {
      const key = ['module', 'decision'].map((label) => new RegExp(`\\b${label}="([^"]*)"`).exec(labels)?.[1]).join(' ')
      counts[key] = Math.max(counts[key] ?? 0, 0) + Number(value)
    }
  }
  return counts
}

test('ten tabs of one person, opened and reloaded at once, meet no limit', async () => {
  freshStorage()
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const open = async (): Promise<TandemClient[]> => {
    const pages = Array.from({ length: 10 }, () => openPage(servers, ada))
    await Promise.all(
      pages.map(async (page) => {
        page.chat.openConversation(roomId)
        await waitFor(() => page.connection.getSnapshot().state === 'connected', { timeoutMs: 30_000 })
        await waitFor(() => page.chat.conversation(roomId).getSnapshot().status === 'ready', { timeoutMs: 30_000 })
      }),
    )
    return pages
  }
  const first = await open()
  for (const page of first) page.stop()
  const pages = await open()

  // And they write to each other.
  const other = openPage(servers, grace)
  other.chat.openConversation(roomId)
  pages[0]?.chat.sendMessage(roomId, 'From the first tab')
  other.chat.sendMessage(roomId, 'Hello, tabs')
  await waitFor(() => pages.every((page) => textsOf(page, roomId).length === 2), { timeoutMs: 30_000 })

  const counts = await decisions()
  expect(Object.keys(counts).filter((key) => !key.endsWith(' allowed'))).toEqual([])
  expect(Object.keys(counts).length).toBeGreaterThan(4)
  expect((await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie: ada.cookie })).status).toBe(200)
})
