// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { useSendLimit } from '@/hooks/useSendLimit'
import { openPage, untilShown } from './support/openPage'

test('it says until when the server takes no more messages, and when it does again', async () => {
  const page = await openPage({
    sendMessage: () => {
      throw new AppError('RATE_LIMITED', { retryAfterMs: 300 })
    },
  })
  const { result } = renderHook(useSendLimit, page)
  await untilShown(() => page.client.connection.getSnapshot().state === 'connected')
  expect(result.current).toEqual({ blockedUntil: undefined, remaining: undefined })

  act(() => page.client.chat.sendMessage('room', 'hello'))
  await untilShown(() => result.current.blockedUntil !== undefined)
  await untilShown(() => result.current.blockedUntil === undefined)

  expect(page.asked('sendMessage').length).toBeGreaterThanOrEqual(1)
})
