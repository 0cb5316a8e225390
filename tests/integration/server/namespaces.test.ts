import { beforeAll, expect, test } from 'vitest'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import type { SocketInstance } from '../../support/servers/servers'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let chat: SocketInstance
let notifications: SocketInstance

beforeAll(async () => {
  servers = await startServers()
  chat = await servers.startSocket({ socketNamespaces: ['/chat'] })
  notifications = await servers.startSocket({ socketNamespaces: ['/notifications'] })
})

test('a process serves only the namespaces it was given, and says which', async () => {
  const ada = await servers.user()
  expect((await http(chat.url, 'GET', '/health/ready')).body).toEqual({ status: 'ok', namespaces: ['/chat'] })
  expect((await ada.connect({ url: chat.url })).connected).toBe(true)
  await expect(ada.connectNotifications({ url: chat.url })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
  await expect(ada.connect({ url: notifications.url })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
})

test('a process for chat and one for notifications are one system', async () => {
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const [adaChat, graceChat] = await Promise.all([ada.connect({ url: chat.url }), grace.connect({ url: chat.url })])
  const bell = heard(await grace.connectNotifications({ url: notifications.url }), 'newNotification')
  const messages = heard(graceChat, 'receiveMessage')
  await asked(adaChat, 'sendMessage', { roomId, message: 'hello', clientId: 'one' })
  await waitFor(() => messages.length === 1)
  await http(
    servers.webUrl,
    'POST',
    '/api/notifications',
    { userId: grace.id, title: 'Hello', message: 'There is a message.', type: 'info' },
    { authorization: `Bearer ${servers.serviceKey}` },
  )
  await waitFor(() => bell.length === 1)
})
