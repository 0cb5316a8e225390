// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ChatMessage, Room } from '@/contracts/chat'
import { alertKinds, type NotificationPreferences } from '@/contracts/preferences'
import type { Arrival } from '@/hooks/alerting'
import { useAlerts } from '@/hooks/useAlerts'
import { useNotificationPreferences } from '@/hooks/useNotificationPreferences'
import { choices } from '../../support/choices'
import { notification, openPage, untilShown } from './support/openPage'

const usual = (): NotificationPreferences => ({
  kinds: Object.fromEntries(alertKinds.map((kind) => [kind, choices()])) as NotificationPreferences['kinds'], // one for each
  topics: { news: choices() },
  quietHours: { enabled: false, from: '22:00', to: '07:00' },
})

const room = (more: Partial<Room> = {}): Room => ({
  ...{ id: 'room', kind: 'direct', name: 'Grace', memberCount: 0, lastSeq: 0, lastRev: 0, readRev: 0, lastReadSeq: 0 },
  ...{ unread: 0, unreadMentions: 0, updatedAt: '2026-01-01T00:00:00.000Z' },
  ...more,
})
let sent = 0
const message = (more: Partial<ChatMessage> = {}): ChatMessage => {
  sent += 1
  return {
    ...{ id: `m${sent}`, roomId: 'room', seq: sent, rev: sent, senderId: 'grace', clientId: `c${sent}` },
    ...{ message: 'Hello', createdAt: '2026-01-01T00:00:00.000Z' },
    ...more,
  }
}

/** A page of Ada's on which nothing else happens, and what called for attention there. */
const openAlerts = async ({ preferences = usual(), rooms = [room()], withMessages = true } = {}) => {
  const server = { preferences, reads: 0 }
  const page = await openPage({
    listRooms: () => ({ rooms, nextCursor: null }),
    readPreferences: () => {
      server.reads += 1
      return server.preferences
    },
    changePreferences: ({ kinds }: { kinds: NotificationPreferences['kinds'] }) => {
      server.preferences = { ...server.preferences, kinds: { ...server.preferences.kinds, ...kinds } }
      return server.preferences
    },
    syncRooms: () => ({ rooms: {} }),
  })
  const alerts: Arrival[] = []
  renderHook(() => useAlerts((arrival) => alerts.push(arrival), withMessages), page)
  await untilShown(() => page.client.chat.list.getSnapshot().rooms.length === rooms.length)
  await untilShown(() => page.client.socket.linkOf('/notifications')?.connected)
  await untilShown(() => page.client.socket.linkOf('/chat')?.connected)
  const told = () =>
    alerts.map((alert) =>
      'message' in alert ? `message in ${alert.room.id}` : `notification ${alert.notification.id}`,
    )
  const notify = (id: string, more: Parameters<typeof notification>[1] = {}) =>
    page.emit('/notifications', 'newNotification', notification(id, more))
  const send = (more: Partial<ChatMessage> = {}) => page.emit('/chat', 'receiveMessage', message(more))
  return { page, server, told, notify, send }
}

beforeEach(() => {
  window.localStorage.clear()
  sent = 0
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
})

test('what arrives calls for attention where the person wants it; preferences are asked for with the first', async () => {
  const preferences = usual()
  preferences.kinds.warning = choices({ bell: false })
  preferences.topics.trains = choices({ bell: false })
  const { server, told, notify } = await openAlerts({ preferences })
  expect(server.reads).toBe(0)
  notify('warning', { type: 'warning' })
  notify('trains', { topic: 'trains' })
  notify('news', { topic: 'news' })
  notify('mention', { link: '/chat/room?at=1' })
  await untilShown(() => told().length === 2)
  expect(told()).toEqual(['notification news', 'notification mention'])
  expect(server.reads).toBe(1)
})

test('messages do where they are asked for: of others, of a kind that is switched on, outside of muted conversations', async () => {
  const preferences = usual()
  preferences.kinds.group = choices({ bell: false })
  const rooms = [
    room(),
    room({ id: 'group', kind: 'group' }),
    room({ id: 'muted', mutedUntil: '9999-01-01T00:00:00.000Z' }),
  ]
  const { told, notify, send } = await openAlerts({ preferences, rooms })
  send({ senderId: 'ada' })
  send({ roomId: 'group' })
  send({ roomId: 'muted' })
  send({ kind: 'system', system: { type: 'left' } })
  send({ mentions: ['ada'] })
  send()
  await untilShown(() => told().length === 1)
  notify('last')
  await untilShown(() => told().length === 2)
  expect(told()).toEqual(['message in room', 'notification last'])
})

test('many messages of one conversation at once are one alert', async () => {
  const { told, notify, send } = await openAlerts()
  for (let i = 0; i < 20; i += 1) send()
  await untilShown(() => told().length > 0)
  notify('last')
  await untilShown(() => told().includes('notification last'))
  expect(told()).toEqual(['message in room', 'notification last'])
})

test('messages that nobody asked for alert nobody', async () => {
  const { told, notify, send } = await openAlerts({ withMessages: false })
  send()
  notify('last')
  await untilShown(() => told().length === 1)
  expect(told()).toEqual(['notification last'])
})

test('a change counts at once, here and when it is made on another page', async () => {
  const { page, server, told, notify } = await openAlerts()
  const { result } = renderHook(useNotificationPreferences, page)
  await untilShown(() => result.current.preferences)
  await act(() => result.current.change({ kinds: { info: { bell: false } } }))
  await untilShown(() => result.current.preferences?.kinds.info.bell === false)
  notify('silent')

  const reads = server.reads
  server.preferences = {
    ...server.preferences,
    kinds: { ...server.preferences.kinds, error: choices({ bell: false }) },
  }
  page.emit('/notifications', 'settingsUpdated', {})
  await untilShown(() => server.reads > reads && result.current.preferences?.kinds.error.bell === false)
  notify('silent too', { type: 'error' })
  notify('loud', { type: 'success' })
  await untilShown(() => told().length === 1)
  expect(told()).toEqual(['notification loud'])
})

test('where preferences cannot be read it is rather once too often than never', async () => {
  const { page, told, notify } = await openAlerts()
  page.answers.readPreferences = () => {
    throw new Error('no database')
  }
  notify('one')
  await untilShown(() => told().length === 1)
})
