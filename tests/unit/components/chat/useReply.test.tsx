// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { buildRows } from '@/components/chat/rows'
import { useReply } from '@/components/chat/useReply'
import type { ChatMessage } from '@/contracts/chat'

beforeEach(() => localStorage.clear())

const original: ChatMessage = {
  ...{ id: 'm1', roomId: 'r', seq: 1, rev: 1, senderId: 'grace', clientId: 'c1', message: 'as it was' },
  createdAt: '2026-01-01T00:00:00.000Z',
}
const open = (messages: ChatMessage[], roomId = 'r') =>
  renderHook(
    ({ messages }) =>
      useReply('me', roomId, {
        messages,
        participants: [],
        names: new Map([['grace', { id: 'grace', name: 'Grace' }]]),
      }),
    { initialProps: { messages } },
  )
const [row] = buildRows({
  ...{ messages: [original], outgoing: [], changes: [], moderates: false, participants: [], myId: 'me' },
  ...{ newAfterSeq: undefined, hasOlder: false },
})

it('is still an answer when one comes back, once its original is there, and quotes what that says now', () => {
  const { result, unmount } = open([original])
  act(() => row && result.current.reply(row))
  expect(result.current.replying?.shown).toEqual({ seq: 1, mine: false, senderName: 'Grace', text: 'as it was' })
  unmount()

  const back = open([])
  expect(back.result.current.replying).toBeUndefined()
  back.rerender({ messages: [{ ...original, rev: 2, message: 'edited' }] })
  expect(back.result.current.replying?.quote).toEqual({ id: 'm1', seq: 1, senderId: 'grace', excerpt: 'edited' })
  expect(open([original], 'another').result.current.replying).toBeUndefined()
  expect(JSON.stringify({ ...localStorage }), 'nothing of what others wrote').not.toContain('as it was')

  act(() => back.result.current.cancelReply())
  expect(back.result.current.replying).toBeUndefined()
  expect(open([original]).result.current.replying).toBeUndefined()
})

it('comes back to nothing where the original was deleted', () => {
  const { result, unmount } = open([original])
  act(() => row && result.current.reply(row))
  unmount()
  const deleted = { ...original, message: '', deletedAt: original.createdAt }
  expect(open([deleted]).result.current.replying).toBeUndefined()
})
