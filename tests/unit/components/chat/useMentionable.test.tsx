// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { useMentionable } from '@/components/chat/useMentionable'
import type { Participant } from '@/contracts/chat'
import { openPage, untilShown } from '../../hooks/support/openPage'

beforeEach(() => localStorage.clear())

const person = (id: string): Participant => ({
  ...{ id, name: id, role: 'member', lastReadSeq: 0, isOnline: false, lastSeen: '2026-01-01T00:00:00.000Z' },
})

it('is everybody else of a group; of a large one everybody is asked for when somebody is being named, page by page', async () => {
  const { wrapper, asked } = await openPage({
    listParticipants: ({ cursor }: { cursor?: string }) =>
      cursor === undefined
        ? { participants: [person('me'), person('ada')], nextCursor: 'next' }
        : { participants: [person('grace')], nextCursor: null },
  })
  const open = (kind: 'direct' | 'group', memberCount: number) =>
    renderHook(() => useMentionable('r', { kind, memberCount }, known, 'me'), { wrapper })
  const known = [person('me'), person('ada')]
  const names = ({ result }: ReturnType<typeof open>) => result.current.mentionable.map(({ id }) => id)

  expect(names(open('direct', 2))).toEqual([])
  const small = open('group', 2)
  act(small.result.current.onNaming)
  expect(names(small)).toEqual(['ada'])
  const large = open('group', 3)
  expect(names(large)).toEqual(['ada'])
  expect(asked('listParticipants')).toEqual([])
  act(large.result.current.onNaming)
  await untilShown(() => names(large).includes('grace'))
  expect(names(large)).toEqual(['ada', 'grace'])
  expect(asked('listParticipants')).toEqual([{ roomId: 'r' }, { roomId: 'r', cursor: 'next' }])
})

it('knows who was chosen by the name they had then, also when one comes back to the draft, until it is sent', async () => {
  const { wrapper } = await openPage()
  const open = (roomId = 'r') =>
    renderHook(() => useMentionable(roomId, { kind: 'group', memberCount: 200 }, [person('me'), person('ada')], 'me'), {
      wrapper,
    }).result
  const names = ({ current }: ReturnType<typeof open>) => current.known.map(({ id, name }) => `${id} ${name}`)
  const first = open()
  expect(names(first)).toEqual(['ada ada'])
  act(() => first.current.onChosen({ id: 'grace', name: 'Grace Hopper' }))
  expect(names(first)).toEqual(['ada ada', 'grace Grace Hopper'])

  const back = open()
  expect(names(back)).toEqual(['ada ada', 'grace Grace Hopper'])
  expect(names(open('another'))).toEqual(['ada ada'])
  act(() => back.current.forgetChosen())
  expect([names(back), names(open())]).toEqual([['ada ada'], ['ada ada']])
})
