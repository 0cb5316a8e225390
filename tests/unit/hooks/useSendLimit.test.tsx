// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { addressOf, useConversation } from '@/hooks/useConversation'
import { useSendLimit } from '@/hooks/useSendLimit'
import { openPage, untilShown } from './support/openPage'

const limited = (retryAfterMs: number) => () => {
  throw new AppError('RATE_LIMITED', { retryAfterMs })
}

const open = async (retryAfterMs = 60_000) => {
  const refuse = limited(retryAfterMs)
  const page = await openPage({ sendMessage: refuse, setReaction: refuse, getOrCreateRoom: refuse, joinRoom: refuse })
  const at = (roomId: string) => renderHook(() => useSendLimit(useConversation(roomId)), page).result
  const elsewhere = at('elsewhere')
  await untilShown(() => page.client.connection.getSnapshot().state === 'connected')
  return { ...page, chat: page.client.chat, at, elsewhere, limits: page.client.sendLimits }
}

test('it says until when the server takes no more messages, and when it does again', async () => {
  const { asked, chat, at, elsewhere } = await open(300)
  const here = at('room')
  expect(here.current).toEqual({ blockedUntil: undefined, remaining: undefined })

  act(() => chat.sendMessage('room', 'hello'))
  await untilShown(() => here.current.blockedUntil !== undefined)
  expect(elsewhere.current.blockedUntil).toBeUndefined()
  await untilShown(() => here.current.blockedUntil === undefined)

  expect(asked('sendMessage').length).toBeGreaterThanOrEqual(1)
})

test('it says so where a reaction waits', async () => {
  const { chat, at, elsewhere, limits } = await open()
  const here = at('room')
  act(() => chat.react('room', 'm1', '👍', true))
  await untilShown(() => here.current.blockedUntil !== undefined)
  expect(here.current.blockedUntil).toBe(limits.changes.getSnapshot().blockedUntil)
  expect(elsewhere.current.blockedUntil).toBeUndefined()
})

test('it says so where the first message to somebody waits until a room may be made', async () => {
  const { chat, at, elsewhere, limits } = await open()
  const here = at(addressOf('grace'))
  act(() => chat.sendMessage(addressOf('grace'), 'hello'))
  await untilShown(() => here.current.blockedUntil !== undefined)
  expect(here.current.blockedUntil).toBe(limits.rooms.getSnapshot().blockedUntil)
  expect(elsewhere.current.blockedUntil).toBeUndefined()
})
