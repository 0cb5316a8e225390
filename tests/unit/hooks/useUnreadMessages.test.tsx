// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useBell } from '@/hooks/useBell'
import { useUnreadMessages } from '@/hooks/useUnreadMessages'
import { TableRoom } from '../client/chat/support/TableRoom'
import { notification, notificationsPage, openPage, untilShown } from './support/openPage'

test('unread messages are counted once: beside the notifications, and in the list that the bell opens', async () => {
  const table = new TableRoom(['ada', 'bob'])
  table.send('bob')
  const page = await openPage({
    listRooms: () => ({ rooms: [table.row('ada')], nextCursor: null }),
    listNotifications: () => notificationsPage([notification('first')]),
  })
  const { result } = renderHook(() => ({ unread: useUnreadMessages(), bell: useBell() }), page)
  await untilShown(() => result.current.unread === 1 && result.current.bell.status === 'ready')
  await untilShown(() => page.client.connection.getSnapshot().state === 'connected')

  page.emit('/chat', 'receiveMessage', table.send('bob'))
  await untilShown(() => result.current.unread === 2)

  expect(result.current.bell).toMatchObject({ unread: 1, total: 3 })
  expect(result.current.bell.notifications).toMatchObject([{ message: '2 unread messages' }, { id: 'first' }])
})
