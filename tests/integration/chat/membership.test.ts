import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { Manager, Socket } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser

beforeAll(async () => {
  servers = await startServers()
  ada = await servers.user('Ada')
})

const roomWith = async (member: TestUser): Promise<string> => (await directRoom(ada, member)).id

const say = (roomId: string, message: string) =>
  ada.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID() })

const stopListening = () =>
  servers.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tandem-listen'`,
  )

const isListening = async () => {
  const { rows } = await servers.db.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tandem-listen' AND query LIKE 'LISTEN%'`,
  )
  return rows.length > 0
}

test('a removal that nobody heard of is made good when the server listens again', async () => {
  const [leaver, stayer] = await Promise.all([servers.user('Leaver'), servers.user('Stayer')])
  const [left, stayed] = [await roomWith(leaver), await roomWith(stayer)]
  const [leaverSocket, stayerSocket] = await Promise.all([leaver.connect(), stayer.connect()])
  const toLeaver = heard(leaverSocket, 'receiveMessage')
  const toStayer = heard(stayerSocket, 'receiveMessage')

  await stopListening()
  await servers.db.query(`SELECT remove_participant($1, $2, 'a test')`, [left, leaver.id])
  await waitFor(isListening)
  await waitFor(async () => {
    await say(stayed, 'are you there?')
    return toStayer.length > 0
  })
  toLeaver.length = 0
  await say(left, 'only for members')
  await say(stayed, 'the last one')

  await waitFor(() => toStayer.some(({ message }) => message === 'the last one'))
  await asked(leaverSocket, 'ping', undefined)
  expect(toLeaver).toEqual([])
})

test('a room that nobody heard of is joined when the server listens again', async () => {
  const newcomer = await servers.user('Newcomer')
  const socket = await newcomer.connect()
  const messages = heard(socket, 'receiveMessage')

  await stopListening()
  const roomId = await roomWith(newcomer)
  await waitFor(isListening)

  await waitFor(async () => {
    await say(roomId, 'hello')
    return messages.length > 0
  })
})

test('opening a conversation that exists joins it and shows it to who opened it', async () => {
  const other = await servers.user('Other')
  const roomId = await roomWith(other)
  const socket = await other.connect()
  const shown = heard(socket, 'roomData')
  const data = await asked(socket, 'getOrCreateRoom', { participantId: ada.id })
  expect(data.room.id).toBe(roomId)
  await waitFor(() => shown.length === 1)
})

test('somebody who was taken out of a direct conversation comes back only when who is in it opens it', async () => {
  const other = await servers.user('Returner')
  const roomId = await roomWith(other)
  await say(roomId, 'before')
  await servers.db.query(`SELECT remove_participant($1, $2, 'a test')`, [roomId, other.id])
  expect(await other.http('GET', `/api/chat/messages?roomId=${roomId}`)).toMatchObject({ status: 404 })

  const own = await other.http('POST', '/api/chat/rooms', { participantId: ada.id })
  expect(own).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
  expect(await other.http('GET', `/api/chat/messages?roomId=${roomId}`)).toMatchObject({ status: 404 })

  const socket = await other.connect()
  const shown = heard(socket, 'roomData')
  expect(await ask(socket, 'getOrCreateRoom', { participantId: ada.id })).toMatchObject({ ok: false })
  const again = await ada.http('POST', '/api/chat/rooms', { participantId: other.id })
  expect(again).toMatchObject({ status: 201, body: { room: { id: roomId } } })
  await waitFor(() => shown.length === 1)
  expect(shown).toMatchObject([{ room: { id: roomId, unread: 0 }, messages: [{ message: 'before' }] }])
})

test('who asks to come back while they are taken out is out, whichever is first', async () => {
  for (let round = 0; round < 15; round++) {
    const other = await servers.user('Racer')
    const roomId = await roomWith(other)
    await Promise.all([
      ...Array.from({ length: 6 }, () => other.http('POST', '/api/chat/rooms', { participantId: ada.id })),
      servers.db.query(`SELECT remove_participant($1, $2, 'a test')`, [roomId, other.id]),
      ...Array.from({ length: 6 }, () => other.http('POST', '/api/chat/rooms', { participantId: ada.id })),
    ])
    const { rows } = await servers.db.query('SELECT user_id FROM participants WHERE room_id = $1', [roomId])
    expect(rows).toEqual([{ user_id: ada.id }])
  }
})

test('one connection joins a namespace once', async () => {
  const manager = new Manager(servers.sockets[0].url, {
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
  })
  const auth = { token: await ada.token() }
  const errors: unknown[] = []
  const sockets = [new Socket(manager, '/chat', { auth }), new Socket(manager, '/chat', { auth })]
  for (const socket of sockets) {
    socket.on('connect_error', (error) => errors.push('data' in error ? error.data : error))
    onTeardown(() => {
      socket.disconnect()
    })
    socket.connect()
  }
  await waitFor(() => errors.length > 0)
  expect(errors[0]).toMatchObject({ code: 'BAD_REQUEST' })
})

test('a namespace that is not served here is refused with a coded error', async () => {
  const { url } = await servers.startSocket({ socketNamespaces: ['/chat'] })
  await expect(ada.connectNotifications({ url })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
})

test('stopping ends in time though clients keep asking and a silent connection stays open', async () => {
  const { url, app } = await servers.startSocket()
  const idle = connect(Number(new URL(url).port), '127.0.0.1')
  idle.on('error', () => {})
  onTeardown(() => {
    idle.destroy()
  })
  const client = await ada.connect({ url })
  let asking = true
  const codes = new Set<string>()
  const load = Array.from({ length: 8 }, async () => {
    while (asking && client.connected) {
      const reply = await ask(client, 'ping', undefined).catch(() => undefined)
      if (reply && !reply.ok) codes.add(reply.error.code)
    }
  })

  const started = Date.now()
  await app.close()
  asking = false
  await Promise.all(load)

  expect(Date.now() - started).toBeLessThan(8_000)
  for (const code of codes) expect(code).toBe('UNAVAILABLE')
})
