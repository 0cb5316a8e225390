// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { createRef } from 'react'
import { expect, it, vi } from 'vitest'
import type { ConversationActions, ConversationView } from '@/client/chat/view'
import type { Named } from '@/components/chat/mentions'
import { useMessageChanges } from '@/components/chat/useMessageChanges'
import type { ChatMessage } from '@/contracts/chat'

const message = (seq: number, text: string, mentions?: string[]): ChatMessage => ({
  ...{ id: `m${seq}`, roomId: 'r', seq, rev: seq, senderId: 'me', clientId: `c${seq}`, message: text, mentions },
  createdAt: '2026-01-01T00:00:00.000Z',
})

const grace = { id: 'grace', name: 'Grace Hopper' }

const open = (
  view: Partial<ConversationView>,
  { known = [], names = [] }: { known?: Named[]; names?: Named[] } = {},
) => {
  const actions = { edit: vi.fn(), toNewest: vi.fn() }
  const hook = renderHook(
    (shown: Partial<ConversationView>) => {
      const conversation = {
        messages: [],
        outgoing: [],
        changes: [],
        participants: [],
        hasNewer: false,
        ...shown,
        ...actions,
      }
      // No more is read of it here.
      const asShown = conversation as unknown as ConversationView & ConversationActions
      const named = new Map(names.map((person) => [person.id, person]))
      return useMessageChanges({ ...asShown, names: named }, 'me', createRef(), known)
    },
    { initialProps: view },
  )
  const { result, rerender } = hook
  const save = (text: string) => {
    act(() => void result.current.editLast())
    act(() => result.current.saveEdit(text))
    return actions.edit.mock.lastCall
  }
  return { result, rerender, save, actions }
}

it('keeps naming whom a message names who is not among those that are known here', () => {
  const messages = [message(1, 'Ask @Grace Hopper', ['grace'])]
  const known = [{ id: 'ada', name: 'Ada' }]
  for (const names of [[grace], []]) {
    const { save } = open({ messages }, { known, names })
    expect(save('Ask @Grace Hopper about it')).toEqual([{ id: 'm1' }, 'Ask @Grace Hopper about it', ['grace']])
    expect(save('Ask @Ada about it')).toEqual([{ id: 'm1' }, 'Ask @Ada about it', ['ada']])
  }
})

it('takes back one of two names', () => {
  const messages = [message(1, '@Grace Hopper @Linus', ['grace', 'linus'])]
  const { save } = open({ messages }, { names: [grace, { id: 'linus', name: 'Linus' }] })
  expect(save('@Linus')).toEqual([{ id: 'm1' }, '@Linus', ['linus']])
})

it('says nothing of names where nobody can be named', () => {
  expect(open({ messages: [message(1, 'helo @all')] }).save('hello @all')).toEqual([
    { id: 'm1' },
    'hello @all',
    undefined,
  ])
})

it('edits the newest message with the arrow, also where the page has jumped to an older place', () => {
  const { result, rerender, actions } = open({ messages: [message(1, 'old')], hasNewer: true })
  act(() => expect(result.current.editLast()).toBe(true))
  expect(actions.toNewest).toHaveBeenCalledOnce()
  expect(result.current.editing).toBeUndefined()
  rerender({ messages: [message(8, 'new')], hasNewer: false })
  expect(result.current.editing?.text).toBe('new')
})
