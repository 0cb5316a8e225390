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

test('it finds the conversation with somebody, also further down the list, and makes none', async () => {
  const table = new TableRoom(['ada', 'bob'])
  const row = { ...table.row('ada'), kind: 'direct', partnerId: 'bob' }
  const page = await openPage({
    listRooms: ({ cursor }: { cursor?: string }) =>
      cursor === undefined ? { rooms: [], nextCursor: 'more' } : { rooms: [row], nextCursor: null },
  })
  const { result } = renderHook(useChat, page)
  await untilShown(() => result.current.hasMore)

  expect(await act(() => result.current.findConversation('bob'))).toBe('room')
  expect(await act(() => result.current.findConversation('grace'))).toBeUndefined()
  expect(page.asked('getOrCreateRoom')).toEqual([])
})

test('in a list without an end it looks for somebody on a few pages, and makes nothing either', async () => {
  const page = await openPage({ listRooms: () => ({ rooms: [], nextCursor: 'more' }) })
  const { result } = renderHook(useChat, page)
  await untilShown(() => result.current.hasMore)

  expect(await act(() => result.current.findConversation('grace'))).toBeUndefined()
  expect(page.asked('listRooms').length).toBeLessThan(20)
  expect(page.asked('getOrCreateRoom')).toEqual([])
})
