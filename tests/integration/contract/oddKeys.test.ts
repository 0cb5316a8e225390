import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import {
  ask,
  asked,
  type ChatClient,
  http,
  type NotificationsClient,
  type TestUser,
} from '../../support/servers/testUser'

let servers: TestServers
let ada: TestUser
let roomId: string
let chat: ChatClient
let notifications: NotificationsClient

beforeAll(async () => {
  servers = await startServers()
  ;({ ada, roomId } = await twoPeopleInARoom(servers))
  ;[chat, notifications] = await Promise.all([ada.connect(), ada.connectNotifications()])
})

const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

test.each(keys)('%s is an id like any other that nobody has', async (key) => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  // As it travels: a literal would set the prototype.
  const rooms = (value: unknown) => JSON.parse(`{"rooms":{"${key}":${JSON.stringify(value)},"${roomId}":0}}`)
  const replies = [
    await ask(chat, 'joinRoom', { roomId: key }),
    await ask(chat, 'getOrCreateRoom', { participantId: key }),
    await ask(chat, 'sendMessage', { roomId: key, message: 'Hello', clientId: randomUUID() }),
    await ask(chat, 'markMessagesRead', { roomId: key }),
  ]
  for (const reply of replies) expect(reply).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })

  for (const value of [0, { lastRev: 0, readRev: 0 }]) {
    const { rooms: synced } = await asked(chat, 'syncRooms', rooms(value))
    expect(Object.keys(synced)).toContain(roomId)
    if (Object.hasOwn(synced, key)) expect(synced[key]).toEqual({ gone: true })
    const overHttp = await ada.http('POST', '/api/chat/sync', rooms(value))
    expect(overHttp).toMatchObject({ status: 200, body: { rooms: { [roomId]: { lastRev: expect.any(Number) } } } })
  }

  expect(await asked(notifications, 'presence:sync', { ids: [key] })).toEqual({})
  expect((await ada.http('GET', `/api/presence?ids=${key}`)).body).toEqual({})
  const authorization = { authorization: `Bearer ${servers.serviceKey}` }
  const { url } = servers.sockets[0]
  expect((await http(url, 'GET', `/users/${key}/status`, undefined, authorization)).status).toBe(404)
  const { statuses } = (await http(url, 'POST', '/users/status/bulk', { userIds: [key] }, authorization)).body as {
    statuses: Record<string, unknown>
  }
  expect(Object.entries(statuses)).toEqual([[key, null]])

  // A message with such an id is one message, once.
  const message = { roomId, message: `Hello ${key}`, clientId: key }
  const sent = await asked(chat, 'sendMessage', message)
  expect(await asked(chat, 'sendMessage', message)).toEqual(sent)
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})
