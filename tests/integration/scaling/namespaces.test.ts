import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { RoomData } from '@/contracts/chat'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let chat: SocketInstance
let bell: SocketInstance

beforeAll(async () => {
  servers = await startServers()
  chat = await servers.startSocket({ socketNamespaces: ['/chat'] })
  bell = await servers.startSocket({ socketNamespaces: ['/notifications'] })
  // Read at the first request.
  process.env.SOCKET_PUBLIC_URL = `${chat.url},notifications=${bell.url}`
})

test('a namespace that a process of its own serves is found through the url of its token', async () => {
  const [ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  const { body } = await ada.http('POST', '/api/chat/rooms', { participantId: grace.id })
  const { room } = body as RoomData // the contract's answer
  const [adas, graces, bells] = await Promise.all([ada.connect(), grace.connect(), grace.connectNotifications()])
  const [messages, notifications] = [heard(graces, 'receiveMessage'), heard(bells, 'newNotification')]

  const sent = await asked(adas, 'sendMessage', { roomId: room.id, message: 'hello', clientId: randomUUID() })
  const posted = await ada.http(
    'POST',
    '/api/notifications',
    { userId: grace.id, title: 'Hello', message: 'There is news.', type: 'info' },
    { authorization: `Bearer ${servers.serviceKey}`, 'idempotency-key': randomUUID() },
  )

  expect(posted.status).toBe(201)
  await waitFor(() => messages.some(({ id }) => id === sent.id) && notifications.length === 1)
})

test('a process that does not serve a namespace says so', async () => {
  const ada = await servers.user()
  const refusal = { data: { code: 'NOT_FOUND', message: 'Nothing is served here. Connect to /notifications.' } }
  await expect(ada.connect({ url: bell.url })).rejects.toMatchObject(refusal)
})
