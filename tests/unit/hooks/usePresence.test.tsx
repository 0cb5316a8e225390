// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { usePersonPresence, usePresence } from '@/hooks/usePresence'
import { around, openPage, untilShown } from './support/openPage'

const lastSeen = '2026-01-01T00:00:00.000Z'
const here = { isOnline: true, lastSeen }

test('nobody is known on a page that has just been opened', () => {
  expect(renderHook(usePresence, { wrapper: around(null) }).result.current).toEqual({})
})

test('it shows who is here when the page connects, and who comes and goes', async () => {
  const page = await openPage({ 'presence:sync': () => ({ bob: here }) })
  const { result } = renderHook(usePresence, page)
  await untilShown(() => result.current.bob)

  page.emit('/notifications', 'presence:update', { bob: { isOnline: false, lastSeen }, grace: here })
  await untilShown(() => result.current.grace)

  expect(result.current).toEqual({ bob: { isOnline: false, lastSeen }, grace: here })
})

test('somebody who was not known yet is asked for', async () => {
  const page = await openPage({ 'presence:sync': () => ({ bob: here }) })
  const { rerender, result } = renderHook(({ id }) => usePersonPresence(id), { ...page, initialProps: { id: 'bob' } })
  await untilShown(() => result.current)
  const before = page.asked('presence:sync').length

  page.answers['presence:sync'] = () => ({ bob: here, grace: here })
  rerender({ id: 'grace' })
  await untilShown(() => result.current)

  expect(page.asked('presence:sync')).toHaveLength(before + 1)
})

test('offline nobody is said to be here', async () => {
  const page = await openPage({ 'presence:sync': () => ({ bob: here }) })
  const { result } = renderHook(() => usePersonPresence('bob'), page)
  await untilShown(() => result.current)

  page.goOffline()
  await untilShown(() => result.current === undefined)
})
