// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { AppError } from '@/contracts/errors'
import { useAnswerPages, useSettled } from '@/hooks/useAnswer'
import { untilShown } from './support/openPage'

interface Numbers {
  numbers: number[]
  nextCursor: string | null
}

/** One to five, two a page, of whatever is asked. */
const server = () => {
  const asked: unknown[] = []
  const state = { refusing: false, first: 1 }
  const ask =
    (filter: string) =>
    async ({ cursor }: { cursor?: string }): Promise<Numbers> => {
      asked.push([filter, cursor])
      if (state.refusing) throw new AppError('OVERLOADED')
      const from = Number(cursor ?? state.first)
      const numbers = [from, from + 1].filter((number) => number <= 5)
      return { numbers, nextCursor: from + 2 <= 5 ? String(from + 2) : null }
    }
  return { asked, state, ask }
}

const open = (ask: (filter: string) => (page: { cursor?: string }) => Promise<Numbers>) =>
  renderHook(({ filter }) => useAnswerPages(['numbers', filter], filter === '' ? null : ask(filter)), {
    initialProps: { filter: 'all' },
  })
type Hook = ReturnType<typeof open>['result']
const shown = (hook: Hook) => hook.current.pages?.flatMap(({ numbers }) => numbers).join()
const untilIs = (hook: Hook, numbers: string) => untilShown(() => shown(hook) === numbers && !hook.current.busy)

test('further pages follow by cursor, as long as there are any', async () => {
  const { asked, ask } = server()
  const { result } = open(ask)
  await untilIs(result, '1,2')
  act(() => result.current.more())
  await untilIs(result, '1,2,3,4')
  expect(result.current.hasMore).toBe(true)
  act(() => result.current.more())
  await untilIs(result, '1,2,3,4,5')

  expect(result.current.hasMore).toBe(false)
  expect(asked).toEqual([
    ['all', undefined],
    ['all', '3'],
    ['all', '5'],
  ])
})

test('another question begins anew, and the pages before stay until it is answered', async () => {
  const { state, ask } = server()
  const { result, rerender } = open(ask)
  await untilIs(result, '1,2')
  act(() => result.current.more())
  await untilIs(result, '1,2,3,4')

  state.first = 5
  rerender({ filter: 'other' })
  expect(shown(result)).toBe('1,2,3,4')
  expect(result.current.busy).toBe(true)

  await untilIs(result, '5')
})

test('a failure keeps the last pages and says why; asked again, all of them are read anew', async () => {
  const { state, ask } = server()
  const { result } = open(ask)
  await untilIs(result, '1,2')
  state.refusing = true
  act(() => result.current.more())
  await untilShown(() => result.current.problem)
  expect(result.current.problem).toBe(new AppError('OVERLOADED').message)
  expect(shown(result)).toBe('1,2')

  state.refusing = false
  state.first = 2
  act(() => result.current.again())
  await untilIs(result, '2,3')
  expect(result.current.problem).toBeUndefined()
})

test('the first question of all that fails says why', async () => {
  const { state, ask } = server()
  state.refusing = true
  const { result } = open(ask)
  await untilShown(() => result.current.problem)

  expect(result.current).toMatchObject({ pages: undefined, busy: false, hasMore: false })
})

test('nothing is asked while there is nothing to ask, and what was shown stays', async () => {
  const { asked, ask } = server()
  const { result, rerender } = open(ask)
  await untilIs(result, '1,2')

  rerender({ filter: '' })

  expect(asked).toHaveLength(1)
  expect(shown(result)).toBe('1,2')
  expect(result.current.busy).toBe(false)
})

test('a page shows what is known better than by its answer', async () => {
  const { ask } = server()
  const { result } = open(ask)
  await untilIs(result, '1,2')

  act(() => result.current.change((page) => ({ ...page, numbers: page.numbers.map((number) => number * 10) })))

  await untilIs(result, '10,20')
})

test('what is typed settles once nothing more is typed', () => {
  vi.useFakeTimers()
  const { rerender, result } = renderHook(({ typed }) => useSettled(typed, 200), { initialProps: { typed: '' } })
  rerender({ typed: 'g' })
  act(() => void vi.advanceTimersByTime(150))
  rerender({ typed: 'gr' })
  act(() => void vi.advanceTimersByTime(150))
  expect(result.current).toBe('')

  act(() => void vi.advanceTimersByTime(50))
  expect(result.current).toBe('gr')
  vi.useRealTimers()
})
