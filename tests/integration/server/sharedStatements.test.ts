import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { RawWebSocket } from '../../support/clients/RawWebSocket'
import { startServers } from '../../support/servers/servers'
import { insertVisitors } from '../../support/servers/tickets'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const PEOPLE = 60
const NAMESPACES = ['/chat', '/notifications'] as const

test('of people who come in at the same moment fewer statements are asked than they are', async () => {
  const servers = await startServers()
  const visitors = await insertVisitors(servers.db, process.env.SESSION_TOKEN_SECRET ?? '', PEOPLE)
  const pages = await Promise.all(visitors.map(() => RawWebSocket.open(servers.sockets[0].url)))
  onTeardown(() => pages.forEach((page) => void page.close()))
  const tickets = await Promise.all(visitors.map(({ ticket }) => Promise.all(NAMESPACES.map(ticket))))

  const statements = vi.spyOn(pg.Client.prototype, 'query')
  const answers = await Promise.all(
    pages.flatMap((page, i) => NAMESPACES.map((namespace, n) => page.join(namespace, tickets[i]?.[n]))),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(PEOPLE * NAMESPACES.length)
  const texts = () => statements.mock.calls.map(([query]) => textOf(query))
  // The last that is written of somebody's coming, a moment later.
  await waitFor(() => ['INSERT INTO audit_log', 'SET last_seen'].every((part) => texts().some((t) => t.includes(part))))

  // Tickets, memberships, who is to be told, the audit log and `lastSeen` are five for whoever comes alone.
  expect(texts().filter((text) => text.includes('used_tickets'))).not.toHaveLength(0)
  expect(texts().length).toBeLessThan(PEOPLE)
})

/** Of a statement as pg takes it: as text, or with a name and values. */
const textOf = (query: unknown): string =>
  typeof query === 'string' ? query : String(Reflect.get(Object(query), 'text'))
