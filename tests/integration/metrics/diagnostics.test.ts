import { beforeAll, expect, test } from 'vitest'
import type { RoomsPage } from '@/contracts/chat'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { adminUser } from './support'

let servers: TestServers
let ada: TestUser

beforeAll(async () => {
  servers = await startServers()
  ada = await adminUser(servers)
})

test('a probe is answered, an echo comes back', async () => {
  const admin = await ada.connectAdmin()
  const { instance } = await asked(admin, 'metrics:request', undefined)
  expect(await asked(admin, 'diagnostics:probe', undefined)).toEqual({ at: expect.any(String), instance })
  const events = heard(admin, 'diagnostics:event')
  await asked(admin, 'diagnostics:echo', { text: 'hello?' })
  expect(events).toEqual([{ text: 'hello?', at: expect.any(String) }])
})

test('a canary passes every station in order and is received by whoever sent it, by nobody else', async () => {
  const admin = await ada.connectAdmin()
  const other = await (await adminUser(servers, 'Other')).connectAdmin()
  const order: string[] = []
  const elsewhere = heard(other, 'diagnostics:canary')
  admin.on('diagnostics:canary', ({ id }) => order.push(`received ${id}`))

  const report = await asked(admin, 'diagnostics:canary', { id: 'tweety' })
  order.push('answered')

  expect(order).toEqual(['received tweety', 'answered'])
  expect(report.acceptedMs).toBeGreaterThan(0)
  expect(report.committedMs).toBeGreaterThan(report.acceptedMs)
  expect(report.publishedMs).toBeGreaterThanOrEqual(report.committedMs)
  expect(elsewhere).toEqual([])
})

test('a canary is stored like every message, then swept up, and shows nowhere people look', async () => {
  const admin = await ada.connectAdmin()
  const chat = await ada.connect()
  const messages = heard(chat, 'receiveMessage')
  for (const id of ['one', 'two', 'three']) await asked(admin, 'diagnostics:canary', { id })

  const { rows } = await servers.db.query("SELECT last_seq FROM rooms WHERE kind = 'canary' AND direct_key LIKE $1", [
    `%${ada.id}`,
  ])
  expect(rows).toEqual([{ last_seq: expect.any(Number) }])
  expect(rows[0].last_seq).toBeGreaterThanOrEqual(3)
  await waitFor(async () => {
    const left = await servers.db.query(
      "SELECT 1 FROM messages m JOIN rooms r ON r.id = m.room_id WHERE r.kind = 'canary'",
    )
    return left.rowCount === 0
  })
  const list = await ada.http('GET', '/api/chat/rooms')
  expect((list.body as RoomsPage).rooms).toEqual([]) // the contract's answer
  expect((await asked(chat, 'ping', {})).rooms).toEqual({})
  expect(messages).toEqual([])
  const again = await ada.connect()
  expect((await asked(again, 'ping', undefined)).rooms).toEqual({})
  const rooms = await asked(admin, 'admin:rooms', { query: 'room:' })
  expect(rooms.rooms).toEqual([])
})
