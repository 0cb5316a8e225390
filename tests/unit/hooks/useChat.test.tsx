// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useChat } from '@/hooks/useChat'
import { TableRoom } from '../client/chat/support/TableRoom'
import { around, openPage, untilShown } from './support/openPage'

test('a page that has just been opened is loading, and can do nothing yet', async () => {
  const { result } = renderHook(useChat, { wrapper: around(null) })

  expect(result.current).toMatchObject({ status: 'loading', rooms: [], unreadTotal: 0 })
  await expect(result.current.reload()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('it shows the list and what happens to it live', async () => {
  const table = new TableRoom(['ada', 'bob'])
  const page = await openPage({ listRooms: () => ({ rooms: [table.row('ada')], nextCursor: null }) })
  const { result } = renderHook(useChat, page)
  await untilShown(() => result.current.rooms.length === 1)
  await untilShown(() => page.client.connection.getSnapshot().state === 'connected')

  page.emit('/chat', 'receiveMessage', table.send('bob'))
  await untilShown(() => result.current.unreadTotal === 1)

  expect(result.current.rooms).toMatchObject([{ id: 'room', unread: 1, lastMessage: { senderId: 'bob' } }])
})

test('it opens a conversation over the socket and shows it at once', async () => {
  const table = new TableRoom(['ada', 'bob'])
  const page = await openPage({ getOrCreateRoom: () => table.snapshot('ada', 50) })
  const { result } = renderHook(useChat, page)

  const roomId = await act(() => result.current.startConversation('bob'))

  expect(roomId).toBe('room')
  expect(page.asked('getOrCreateRoom')).toEqual([{ participantId: 'bob' }])
  expect(result.current.rooms.map(({ id }) => id)).toEqual(['room'])
})
