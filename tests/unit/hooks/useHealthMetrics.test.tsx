// @vitest-environment jsdom
import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { useHealthMetrics } from '@/hooks/useHealthMetrics'
import { useWebHealth } from '@/hooks/useWebHealth'
import { instance, point, wellMetrics } from '../components/health/samples'
import { ada, openPage, untilShown } from './support/openPage'

test('figures come once the page is connected to the admin namespace, and its tools work', async () => {
  const page = await openPage({
    'metrics:request': () => ({
      at: point(0).at,
      instance: 'a',
      totals: wellMetrics(),
      instances: [instance('a')],
      history: [point(0)],
    }),
    'diagnostics:probe': () => ({ at: point(0).at, instance: 'a' }),
  })
  const { result, unmount } = renderHook(useHealthMetrics, page)
  expect(result.current.view.state).toBe('connecting')
  await untilShown(() => result.current.view.state === 'live')

  expect(await result.current.actions?.probe()).toMatchObject({ instance: 'a' })
  unmount()
  await untilShown(() => page.io.of('/admin').sockets.size === 0)
})

test('the web process answers, or does not', async () => {
  const page = await openPage({ session: () => ({ user: ada }) })
  const { result, unmount } = renderHook(useWebHealth, page)
  expect(result.current).toBeUndefined()
  await untilShown(() => result.current?.answers === true)
  unmount()

  page.answers.session = () => {
    throw new AppError('UNAVAILABLE')
  }
  const later = renderHook(useWebHealth, page)
  await untilShown(() => later.result.current?.answers === false)
})
