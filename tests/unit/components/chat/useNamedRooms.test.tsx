// @vitest-environment jsdom
import { renderHook, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { expect, it } from 'vitest'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import { useNamedRooms } from '@/components/chat/useNamedRooms'

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ id: `${from + i}`, name: `Room ${from + i}` }))

/** A list of so many conversations in pages of fifty, of which the first is there. */
const search = (total: number, typed: string, enough = 5) => {
  const asked: number[] = []
  const { result } = renderHook(() => {
    const [loaded, setLoaded] = useState(50)
    const [loadMore] = useState(() => async () => {
      asked.push(asked.length + 1)
      setLoaded((before) => Math.min(total, before + 50))
    })
    const list = { rooms: names(0, loaded), hasMore: loaded < total, loadMore }
    // All of it that the hook uses.
    return useNamedRooms(list as unknown as ConversationListView & ConversationListActions, typed, enough)
  })
  return { result, asked }
}

it('looks through page after page, also where one has no match, until it has found enough', async () => {
  const { result, asked } = search(300, 'room 17')
  await waitFor(() => expect(result.current.isLooking).toBe(false))
  expect(result.current.named.map(({ name }) => name).slice(0, 3)).toEqual(['Room 17', 'Room 170', 'Room 171'])
  expect(asked).toHaveLength(3)
})

it('asks for nothing as long as nothing is looked for, and for no end of pages', async () => {
  expect(search(300, ' ').asked).toEqual([])
  const { result, asked } = search(5_000, 'nobody')
  await waitFor(() => expect(result.current.isLooking).toBe(false))
  expect(asked).toHaveLength(19)
})
