import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { Reply } from '@/contracts/errors'
import { COMMANDS_AT_ONCE } from '@/lib/pipeline/createEventHandler'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked } from '../../support/servers/testUser'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

/** Holds every answer of the database back for a while, by the table that history reads. */
async function whileHistoryWaits<T>(work: () => Promise<T>): Promise<T> {
  const client = await servers.db.connect()
  try {
    await client.query('BEGIN')
    await client.query('LOCK TABLE messages IN ACCESS EXCLUSIVE MODE')
    return await work()
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

test('one person with 300 calls in flight takes nobody else a connection to the database', async () => {
  const [{ ada: greedy, roomId }, { ada, grace, roomId: theirs }] = await Promise.all([
    twoPeopleInARoom(servers),
    twoPeopleInARoom(servers),
  ])
  const quick = await ada.connect()
  const answers = Array.from({ length: 300 }, () => greedy.http('GET', `/api/chat/messages?roomId=${roomId}`))
  // Those that find their line full are back at once; the others wait, and leave two of five connections to others.
  await Promise.race(answers)
  for (let i = 0; i < 5; i++) {
    await asked(quick, 'ping', undefined)
    expect((await grace.http('GET', '/api/users?query=ada')).status).toBe(200)
  }
  const statuses = (await Promise.all(answers)).map(({ status }) => status)
  // Served, sent away, or given up after their time in the line.
  expect(statuses.filter((status) => ![200, 429, 504].includes(status))).toEqual([])
  expect(statuses.filter((status) => status !== 200).length).toBeGreaterThan(0)
  // And sending was as quick as ever.
  await asked(quick, 'sendMessage', { roomId: theirs, message: 'Hello', clientId: randomUUID() })
})

test('of one socket 32 commands may be under way; one more is refused at once and may be repeated', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const client = await ada.connect()
  const asking: Promise<Reply<unknown>>[] = []
  await whileHistoryWaits(async () => {
    for (let i = 0; i < COMMANDS_AT_ONCE + 10; i++) asking.push(ask(client, 'joinRoom', { roomId }))
    for (const refused of asking.slice(COMMANDS_AT_ONCE)) {
      expect(await refused).toMatchObject({
        ok: false,
        error: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1_000 },
      })
    }
  })
  await Promise.all(asking)
  // All are answered: there is room again.
  await asked(client, 'joinRoom', { roomId })
})
