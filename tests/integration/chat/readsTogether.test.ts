import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { directRoom } from '../../support/servers/rooms'
import { startServers } from '../../support/servers/servers'
import { ask, asked } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'

/** Ada, and a room of hers with each of so many others, with a message in it that they have not read. */
async function roomsToRead(count: number) {
  const servers = await startServers()
  const ada = await servers.user('Ada')
  const writing = await ada.connect()
  const readers = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const reader = await servers.user(`Reader ${i}`)
      const { id: roomId } = await directRoom(ada, reader)
      for (let n = 0; n <= i; n += 1) {
        await asked(writing, 'sendMessage', { roomId, message: `${n}`, clientId: `${roomId}-${n}` })
      }
      return { reader, roomId, socket: await reader.connect() }
    }),
  )
  return { servers, readers }
}

test('who read at the same moment share transactions, and each is answered for themselves', async () => {
  const { servers, readers } = await roomsToRead(8)
  const stranger = await (await servers.user('Stranger')).connect()
  const statements = vi.spyOn(pg.Client.prototype, 'query')

  const [answers, refused] = await Promise.all([
    Promise.all(readers.map(({ socket, roomId }) => asked(socket, 'markMessagesRead', { roomId }))),
    ask(stranger, 'markMessagesRead', { roomId: readers[0]?.roomId ?? '' }),
  ])

  expect(answers).toEqual(
    readers.map(({ reader, roomId }, i) => ({ roomId, userId: reader.id, count: i + 1, lastReadSeq: i + 1 })),
  )
  expect(refused).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  const transactions = statements.mock.calls.filter(([query]) => JSON.stringify(query).includes('mark_messages_read'))
  expect(transactions.length).toBeGreaterThan(0)
  expect(transactions.length).toBeLessThan(readers.length)
})

test('rooms whose locks do not come keep nobody else from having read', async () => {
  const { servers, readers } = await roomsToRead(4)
  const locked = readers.filter((_, i) => i % 2 === 0).map(({ roomId }) => roomId)
  const holding = new pg.Client({ connectionString: servers.databaseUrl })
  await holding.connect()
  onTeardown(() => holding.end())
  await holding.query('BEGIN')
  await holding.query('SELECT FROM rooms WHERE id = ANY ($1) FOR UPDATE', [locked])

  // While the first waits for its lock, the others come to share a transaction.
  const answers = await Promise.all(readers.map(({ socket, roomId }) => ask(socket, 'markMessagesRead', { roomId })))

  const failed = { ok: false, error: expect.objectContaining({ code: 'UNAVAILABLE' }) }
  const done = expect.objectContaining({ ok: true })
  expect(answers).toEqual([failed, done, failed, done])
})
