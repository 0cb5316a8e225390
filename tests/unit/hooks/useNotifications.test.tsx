// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { useNotifications } from '@/hooks/useNotifications'
import { useTopics } from '@/hooks/useTopics'
import { around, openPage, untilShown } from './support/openPage'

/** A server on which `news` and `staff` are open, and two hundred more on a second page. */
const openTopics = async () => {
  const followed = new Set(['staff'])
  const topics = () => ({ topics: [...followed].sort() })
  const page = await openPage({
    listTopics: ({ cursor }: { cursor?: string }) =>
      cursor === undefined
        ? { ...topics(), open: ['news', 'staff'], nextCursor: 'staff' }
        : { ...topics(), open: ['trains'], nextCursor: null },
    subscribe: (topic: string) => {
      if (topic === 'closed') throw new AppError('FORBIDDEN', { message: 'There is no such topic.' })
      followed.add(topic)
      return topics()
    },
    unsubscribe: (topic: string) => {
      followed.delete(topic)
      return topics()
    },
  })
  const { result } = renderHook(() => ({ ...useNotifications(), list: useTopics() }), page)
  await untilShown(() => result.current.topics !== undefined)
  await untilShown(() => page.client.socket.linkOf('/notifications')?.connected)
  return { page, result, followed }
}

test('a page that has just been opened knows no topics and cannot follow any', async () => {
  const { result } = renderHook(useNotifications, { wrapper: around(null) })
  expect(result.current.topics).toBeUndefined()
  await expect(result.current.subscribe('news')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('a topic is followed and left; wherever topics are shown they are the same', async () => {
  const { result } = await openTopics()
  expect(result.current.topics).toEqual(['staff'])
  await act(() => result.current.subscribe('news'))
  await untilShown(() => result.current.topics?.length === 2)
  expect([result.current.topics, result.current.list.topics]).toEqual([
    ['news', 'staff'],
    ['news', 'staff'],
  ])
  await act(() => result.current.unsubscribe('staff'))
  await untilShown(() => result.current.topics?.length === 1)
  expect(result.current.topics).toEqual(['news'])
})

test('what was changed elsewhere is asked for when the server says so', async () => {
  const { page, result, followed } = await openTopics()
  followed.delete('staff')
  page.emit('/notifications', 'settingsUpdated', {})
  await untilShown(() => result.current.topics?.length === 0)
})

test('a topic that is refused is not followed, and the reason is told', async () => {
  const { result } = await openTopics()
  const refused = await act(() => result.current.subscribe('closed').catch((error: unknown) => error))
  expect(refused).toMatchObject({ code: 'FORBIDDEN' })
  await untilShown(() => result.current.topics?.length === 1)
  expect(result.current.topics).toEqual(['staff'])
})

test('the next page of topics is shown behind the first', async () => {
  const { result } = await openTopics()
  expect([result.current.list.open, result.current.list.hasMore]).toEqual([['news', 'staff'], true])
  await act(() => result.current.list.more())
  await untilShown(() => result.current.list.open?.length === 3)
  expect([result.current.list.open, result.current.list.hasMore]).toEqual([['news', 'staff', 'trains'], false])
})
