// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useSocketConnection } from '@/hooks/useSocketConnection'
import { around, openPage, untilShown } from './support/openPage'

test('a page that has just been opened is connecting', () => {
  const { result } = renderHook(useSocketConnection, { wrapper: around(null) })

  expect(result.current).toMatchObject({ state: 'connecting', queued: 0, problem: undefined })
})

test('it says when the connection stands, goes away and is back', async () => {
  const page = await openPage()
  const states: string[] = []
  const { result } = renderHook(() => {
    const connection = useSocketConnection()
    if (states.at(-1) !== connection.state) states.push(connection.state)
    return connection
  }, page)
  await untilShown(() => result.current.state === 'connected')
  expect(result.current.metrics).toMatchObject({ transport: 'websocket', reconnects: 0 })

  page.io.of('/chat').disconnectSockets(true)
  await untilShown(() => result.current.metrics.reconnects === 1)

  expect(states).toEqual(['connecting', 'connected', 'reconnecting', 'connected'])
})
