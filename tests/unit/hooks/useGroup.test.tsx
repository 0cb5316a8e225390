// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { useGroup } from '@/hooks/useGroup'
import { TableRoom } from '../client/chat/support/TableRoom'
import { around, openPage } from './support/openPage'

test('before the page is connected nothing can be done', async () => {
  const { result } = renderHook(() => useGroup('room'), { wrapper: around(null) })
  await expect(result.current.leave()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('what one does to a group is asked for that room, and rejects with what the server says', async () => {
  const asked: unknown[] = []
  const table = new TableRoom(['ada', 'bob'])
  const note = (input: unknown) => void asked.push(input)
  const page = await openPage({
    listRooms: () => ({ rooms: [table.row('ada')], nextCursor: null }),
    updateRoom: (input) => {
      note(input)
      return { ...table.row('ada'), name: 'Crew' }
    },
    setParticipantRole: () => {
      throw new AppError('FORBIDDEN', { message: 'Owners do this.' })
    },
    removeParticipant: (input) => {
      note(input)
      return input
    },
  })
  const { result } = renderHook(() => useGroup('room'), page)
  await result.current.update({ name: 'Crew' })
  await expect(result.current.setRole('bob', 'admin')).rejects.toMatchObject({ message: 'Owners do this.' })
  await result.current.leave()
  expect(asked).toEqual([
    { roomId: 'room', name: 'Crew' },
    { roomId: 'room', userId: 'ada' },
  ])
})
