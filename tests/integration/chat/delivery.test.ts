import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { directRoom, twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
})

const rowsOf = async (clientId: string) =>
  (await servers.db.query('SELECT id FROM messages WHERE client_id = $1', [clientId])).rows

test.each([
  ['the socket twice', ['socket', 'socket']],
  ['HTTP twice', ['http', 'http']],
  ['the socket and HTTP at once', ['socket', 'http']],
  ['two instances at once', ['socket', 'socket2']],
  ['every way at once', ['socket', 'http', 'socket2', 'http', 'socket']],
])('the same message over %s is one row, one answer and one event', async (_, ways) => {
  const [socket, socket2, graceSocket] = await Promise.all([
    ada.connect(),
    ada.connect({ url: servers.sockets[1]?.url ?? '' }),
    grace.connect(),
  ])
  const heardByGrace = heard(graceSocket, 'receiveMessage')
  const input = { roomId, message: 'once', clientId: randomUUID() }
  const send: Record<string, () => Promise<unknown>> = {
    socket: () => asked(socket, 'sendMessage', input),
    socket2: () => asked(socket2, 'sendMessage', input),
    http: async () => (await ada.http('POST', '/api/chat/messages', input)).body,
  }

  const answers = await Promise.all(ways.map((way) => send[way]?.()))

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await rowsOf(input.clientId)).toHaveLength(1)
  const after = await asked(socket2, 'sendMessage', { roomId, message: 'after', clientId: randomUUID() })
  await waitFor(() => heardByGrace.some((message) => message.id === after.id))
  await waitFor(() => heardByGrace.some((message) => message.clientId === input.clientId))
  expect(heardByGrace.filter((message) => message.clientId === input.clientId)).toHaveLength(1)
})

test('a clientId used again with other content is a CONFLICT on both transports', async () => {
  const socket = await ada.connect()
  const clientId = randomUUID()
  await asked(socket, 'sendMessage', { roomId, message: 'first', clientId })

  const overSocket = await ask(socket, 'sendMessage', { roomId, message: 'second', clientId })
  const overHttp = await ada.http('POST', '/api/chat/messages', { roomId, message: 'second', clientId })

  expect(overSocket).toMatchObject({ ok: false, error: { code: 'CONFLICT', retryable: false } })
  expect(overHttp).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
})

test('a retry of a message that was edited meanwhile returns the edited message', async () => {
  const socket = await ada.connect()
  const clientId = randomUUID()
  const sent = await asked(socket, 'sendMessage', { roomId, message: 'before', clientId })
  await edit(sent.id, 'edited')

  expect(await asked(socket, 'sendMessage', { roomId, message: 'before', clientId })).toMatchObject({
    id: sent.id,
    message: 'edited',
    seq: sent.seq,
  })
})

test('20 writers over both transports and two instances leave no hole, and every view equals the table', async () => {
  const writers = await Promise.all(Array.from({ length: 20 }, (_, i) => servers.user(`Writer ${i}`)))
  const crowd = await groupOf(writers)
  const clients = await Promise.all(
    writers.map((writer, i) => writer.connect({ url: servers.sockets[i % 2]?.url ?? '' })),
  )
  const views = clients.map((client) => heard(client, 'receiveMessage'))

  await Promise.all(
    writers.map(async (writer, w) => {
      for (let i = 0; i < 50; i++) {
        const input = { roomId: crowd, message: `${w}/${i}`, clientId: randomUUID() }
        const client = clients[w]
        if (client && i % 2 === 0) await asked(client, 'sendMessage', input)
        else expect((await writer.http('POST', '/api/chat/messages', input)).status).toBe(201)
      }
    }),
  )

  const { rows: table } = await servers.db.query('SELECT id, seq FROM messages WHERE room_id = $1 ORDER BY seq', [
    crowd,
  ])
  expect(table.map((row) => row.seq)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  for (const view of views) {
    await waitFor(() => view.length >= 1000, { what: 'everyone to hear everything' })
    expect(inOrder(view)).toEqual(table)
  }
}, 120_000)

test('several processes that batch into the same rooms, with colliding ids and edits between, make no gap, double or error', async () => {
  const people = await Promise.all([servers.user(), servers.user(), servers.user()])
  const rooms = await Promise.all(Array.from({ length: 5 }, () => groupOf(people)))
  const clients = await Promise.all(
    people.flatMap((person) => servers.sockets.map(({ url }) => person.connect({ url }))),
  )
  const shared = Array.from({ length: 200 }, () => randomUUID())
  const errors: unknown[] = []

  const editing = (async () => {
    for (let i = 0; i < 100; i++) {
      const { rows } = await servers.db.query(
        'SELECT id FROM messages WHERE room_id = ANY ($1) ORDER BY random() LIMIT 1',
        [rooms],
      )
      if (rows[0]) await edit(rows[0].id, `edit ${i}`)
    }
  })()
  await Promise.all(
    clients.map(async (client) => {
      await Promise.all(
        shared.map(async (clientId, i) => {
          const reply = await ask(client, 'sendMessage', { roomId: rooms[i % 5] ?? '', message: `text ${i}`, clientId })
          if (!reply.ok) errors.push(reply.error)
        }),
      )
    }),
  )
  await editing

  expect(errors).toEqual([])
  for (const room of rooms) {
    const { rows } = await servers.db.query(
      `SELECT r.last_seq, r.last_rev, count(*)::int AS n, count(DISTINCT m.seq)::int AS seqs, max(m.seq) AS highest,
         count(DISTINCT (m.sender_id, m.client_id))::int AS sends
       FROM rooms r JOIN messages m ON m.room_id = r.id WHERE r.id = $1 GROUP BY r.id`,
      [room],
    )
    expect(rows[0]).toMatchObject({ n: 120, seqs: 120, highest: 120, last_seq: 120, sends: 120 })
  }
})

test('a message that the database refuses does not fail the ones beside it', async () => {
  const socket = await ada.connect()
  const foreign = (await directRoom(await servers.user(), grace)).id

  const replies = await Promise.all(
    [roomId, foreign, roomId, 'no-such-room', roomId].map((room) =>
      ask(socket, 'sendMessage', { roomId: room, message: 'neighbours', clientId: randomUUID() }),
    ),
  )

  expect(replies.map((reply) => (reply.ok ? 'ok' : reply.error.code))).toEqual([
    'ok',
    'NOT_FOUND',
    'ok',
    'NOT_FOUND',
    'ok',
  ])
})

test('a locked room answers UNAVAILABLE within seconds, and other rooms are written meanwhile', async () => {
  const socket = await ada.connect()
  const other = await groupOf([ada, grace])
  const holder = await servers.db.connect()
  try {
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE', [roomId])
    const [locked, free] = await Promise.all([
      ask(socket, 'sendMessage', { roomId, message: 'stuck', clientId: randomUUID() }),
      ask(socket, 'sendMessage', { roomId: other, message: 'free', clientId: randomUUID() }),
    ])
    expect(locked).toMatchObject({ ok: false, error: { code: 'UNAVAILABLE', retryable: true } })
    expect(free).toMatchObject({ ok: true })
  } finally {
    await holder.query('ROLLBACK')
    holder.release()
  }
})

/** A change as an edit makes it: under the room's lock, with the next rev. */
async function edit(messageId: string, text: string): Promise<void> {
  const client = await servers.db.connect()
  try {
    await client.query('BEGIN')
    const { rows } = await client.query(
      'SELECT r.id, r.last_rev FROM rooms r JOIN messages m ON m.room_id = r.id WHERE m.id = $1 FOR NO KEY UPDATE OF r',
      [messageId],
    )
    await client.query('UPDATE messages SET message = $2, rev = $3, edited_at = now() WHERE id = $1', [
      messageId,
      text,
      rows[0].last_rev + 1,
    ])
    await client.query('UPDATE rooms SET last_rev = last_rev + 1, changed_at = now() WHERE id = $1', [rows[0].id])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

/** Groups have no command yet; the tables know them. */
async function groupOf(members: TestUser[]): Promise<string> {
  const id = randomUUID()
  await servers.db.query(`INSERT INTO rooms (id, kind, name) VALUES ($1, 'group', 'A group')`, [id])
  await servers.db.query('INSERT INTO participants (room_id, user_id) SELECT $1, unnest($2::text[])', [
    id,
    members.map((member) => member.id),
  ])
  return id
}

const inOrder = (view: ChatMessage[]) => [...view].sort((a, b) => a.seq - b.seq).map(({ id, seq }) => ({ id, seq }))
