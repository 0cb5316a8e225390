// @vitest-environment jsdom
import { act, renderHook, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import {
  type CursorPage,
  keepEqual,
  type LoadPage,
  type PageRequest,
  useCursorPages,
} from '@/components/health/useCursorPages'
import { AppError } from '@/contracts/errors'

type Sort = 'name' | '-name'

/** Rows 1 to 5, two a page; the cursor is where the next page begins. */
const server = () => {
  const asked: PageRequest<Sort>[] = []
  let rows = [1, 2, 3, 4, 5]
  const load: LoadPage<number, Sort> = async (request): Promise<CursorPage<number>> => {
    asked.push(request)
    const from = Number(request.cursor ?? 0)
    const to = from + request.limit
    return {
      rows: rows.slice(from, to),
      nextCursor: to < rows.length ? String(to) : null,
      total: rows.length,
      silent: [],
    }
  }
  return {
    asked,
    load,
    remove: (row: number) => {
      rows = rows.filter((one) => one !== row)
    },
  }
}

const open = (load: LoadPage<number, Sort> | null) =>
  renderHook((props) => useCursorPages<number, Sort>(props.name, props.load, { sort: 'name', pageSize: 2 }), {
    initialProps: { name: 'rows', load },
  })
type Hook = ReturnType<typeof open>['result']
const untilRows = (hook: Hook, rows: number[]) => waitFor(() => expect(hook.current.loaded?.rows).toEqual(rows))

test('pages follow one another by cursor, forwards and back', async () => {
  const { load } = server()
  const { result } = open(load)
  await untilRows(result, [1, 2])
  act(() => result.current.turnTo(1))
  await untilRows(result, [3, 4])
  act(() => result.current.turnTo(2))
  await untilRows(result, [5])
  act(() => result.current.turnTo(3)) // there is none
  expect(result.current.page).toBe(2)
  act(() => result.current.turnTo(1))
  await untilRows(result, [3, 4])
})

test('a search, an order or a page size begins again on the first page', async () => {
  const { load, asked } = server()
  const { result } = open(load)
  await untilRows(result, [1, 2])
  act(() => result.current.turnTo(1))
  await untilRows(result, [3, 4])
  act(() => result.current.change({ query: 'ada', sort: '-name' }))
  await untilRows(result, [1, 2])
  expect(asked.at(-1)).toEqual({ query: 'ada', sort: '-name', limit: 2 })
  expect(result.current.page).toBe(0)
})

test('a refresh shows what has gone meanwhile, on the same page', async () => {
  const { load, remove } = server()
  const { result } = open(load)
  await untilRows(result, [1, 2])
  remove(1)
  act(() => result.current.refresh())
  await untilRows(result, [2, 3])
})

test('a failure keeps the last rows, and the way back clears it', async () => {
  const { load } = server()
  const { result, rerender } = open(load)
  await untilRows(result, [1, 2])
  rerender({ name: 'others', load: () => Promise.reject(new AppError('OVERLOADED')) })
  await waitFor(() => expect(result.current.problem).toBeDefined())
  expect(result.current).toMatchObject({ problem: new AppError('OVERLOADED').message, loaded: { rows: [1, 2] } })
  rerender({ name: 'rows', load })
  await waitFor(() => expect(result.current.problem).toBeUndefined())
})

test('an answer that comes after a later question is not shown', async () => {
  const answers: ((page: CursorPage<number>) => void)[] = []
  const load = vi.fn<LoadPage<number, Sort>>(() => new Promise((resolve) => answers.push(resolve)))
  const { result } = open(load)
  act(() => result.current.change({ query: 'b' }))
  const page = (rows: number[]) => ({ rows, nextCursor: null, total: 1, silent: [] })
  await act(async () => {
    answers[1]?.(page([2]))
    answers[0]?.(page([1]))
  })
  await untilRows(result, [2])
})

test('nothing is asked while there is nobody to ask', () => {
  const { result } = open(null)
  expect(result.current).toMatchObject({ loaded: undefined, busy: false, problem: undefined })
})

test('rows that say the same as before stay the same objects', () => {
  const last = [
    { id: 'a', away: false },
    { id: 'b', away: false },
  ]
  expect(keepEqual(last, structuredClone(last))).toBe(last)
  const next = keepEqual(last, [
    { id: 'a', away: false },
    { id: 'b', away: true },
  ])
  expect(next).toEqual([
    { id: 'a', away: false },
    { id: 'b', away: true },
  ])
  expect(next[0]).toBe(last[0])
  expect(keepEqual(last, [{ id: 'b', away: false }])).toEqual([{ id: 'b', away: false }])
})
