// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { userQueries } from '@/contracts/users'
import { useCommand } from '@/hooks/useCommand'
import { useUserSearch } from '@/hooks/useUserSearch'
import { around, openPage, untilShown } from './support/openPage'

const named = (name: string) => ({ users: [{ id: name, name }] })

test('it waits for the page to start', () => {
  const { result } = renderHook(() => useUserSearch(''), { wrapper: around(null) })

  expect(result.current).toMatchObject({ status: 'searching', people: [], problem: undefined })
})

test('only what was typed last is shown, however late an answer to what was typed before comes', async () => {
  const late: (() => void)[] = []
  const page = await openPage({
    findUsers: ({ query }: { query: string }) =>
      query === '' ? new Promise((resolve) => late.push(() => resolve(named('early')))) : named(query),
  })
  const { rerender, result } = renderHook(({ typed }) => useUserSearch(typed), {
    ...page,
    initialProps: { typed: '' },
  })
  await untilShown(() => late.length === 1)

  rerender({ typed: ' gra' })
  rerender({ typed: ' grace ' })
  await untilShown(() => result.current.status === 'ready')
  await act(async () => late[0]?.())

  expect(result.current.people.map(({ name }) => name)).toEqual(['grace'])
  expect(page.asked('findUsers')).toEqual([{ query: '' }, { query: 'grace' }])
})

test('a refusal is said, and can be tried again', async () => {
  const page = await openPage({
    findUsers: () => {
      throw new AppError('RATE_LIMITED')
    },
  })
  const { result } = renderHook(() => useUserSearch(''), page)
  await untilShown(() => result.current.problem)
  expect(result.current.problem).toBe('Too many at once. Please wait a moment.')

  page.answers.findUsers = () => named('grace')
  act(() => result.current.retry())
  await untilShown(() => result.current.people.length === 1)

  expect(result.current.problem).toBeUndefined()
})

test('a second try is overtaken by what is typed after it', async () => {
  const late: (() => void)[] = []
  const page = await openPage({
    findUsers: () => {
      throw new AppError('RATE_LIMITED')
    },
  })
  const { rerender, result } = renderHook(({ typed }) => useUserSearch(typed), {
    ...page,
    initialProps: { typed: '' },
  })
  await untilShown(() => result.current.problem)
  page.answers.findUsers = ({ query }: { query: string }) =>
    query === '' ? new Promise((resolve) => late.push(() => resolve(named('early')))) : named(query)
  act(() => result.current.retry())
  await untilShown(() => late.length === 1)

  rerender({ typed: 'grace' })
  await untilShown(() => result.current.status === 'ready')
  await act(async () => {
    late[0]?.()
    await page.client.transport.call(userQueries.findUsers, { query: 'after it' })
  })

  expect(result.current.people.map(({ name }) => name)).toEqual(['grace'])
})

test('a command is answered once the page has started, and refused before', async () => {
  const before = renderHook(useCommand, { wrapper: around(null) })
  await expect(before.result.current(userQueries.findUsers, { query: 'g' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })

  const page = await openPage({ findUsers: () => named('grace') })
  const { result } = renderHook(useCommand, page)

  expect(await result.current(userQueries.findUsers, { query: 'g' })).toEqual(named('grace'))
})
