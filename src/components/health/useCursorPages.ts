import { useCallback, useState } from 'react'
import { useAnswer } from '@/hooks/useAnswer'

export interface PageRequest<Sort extends string> {
  cursor?: string
  query?: string
  sort: Sort
  limit: number
}

export interface CursorPage<Row> {
  rows: Row[]
  nextCursor: string | null
  total: number
  /** Instances whose rows are missing. */
  silent: string[]
}

export type LoadPage<Row, Sort extends string> = (request: PageRequest<Sort>) => Promise<CursorPage<Row>>

/** Lists look at the server again this often, while somebody looks at them. */
const refreshMs = 10_000

/** `next` with the objects of `last` wherever they say the same, and `last` itself if all do: those are not rendered again. */
export const keepEqual = <Row>(last: Row[], next: Row[]): Row[] => {
  const known = new Map(last.map((row) => [JSON.stringify(row), row]))
  const rows = next.map((row) => known.get(JSON.stringify(row)) ?? row)
  return rows.length === last.length && rows.every((row, index) => row === last[index]) ? last : rows
}

interface Wish<Sort extends string> {
  query: string
  sort: Sort
  pageSize: number
  page: number
  /** Where each page so far begins. */
  cursors: (string | undefined)[]
}

/**
 * A long list that stays on the server: searched, sorted and cut into pages there. It can only be paged one by one, as a
 * cursor leads from each page to the next.
 */
export const useCursorPages = <Row, Sort extends string>(
  /** Which list; another name loads anew. */
  name: string,
  /** Null while it cannot be asked. */
  load: LoadPage<Row, Sort> | null,
  first: { sort: Sort; pageSize: number },
) => {
  const [wish, setWish] = useState<Wish<Sort>>({ ...first, query: '', page: 0, cursors: [undefined] })
  const { query, sort, pageSize, page, cursors } = wish
  const cursor = cursors[page]
  const request: PageRequest<Sort> = {
    sort,
    limit: pageSize,
    ...(query === '' ? {} : { query }),
    ...(cursor === undefined ? {} : { cursor }),
  }
  const {
    answer: loaded,
    isAnswered,
    busy,
    problem,
    again,
  } = useAnswer([name, request], load && (async () => ({ ...(await load(request)), at: Date.now() })), {
    everyMs: refreshMs,
    keepEqual: (last, next) => ({ ...next, rows: keepEqual(last?.rows ?? [], next.rows) }),
  })

  const change = useCallback(
    (news: Partial<Pick<Wish<Sort>, 'query' | 'sort' | 'pageSize'>>) =>
      setWish((last) => ({ ...last, ...news, page: 0, cursors: [undefined] })),
    [],
  )
  const nextCursor = loaded?.nextCursor ?? undefined
  const turnTo = useCallback(
    (page: number) =>
      setWish((last) => {
        if (page < 0 || page === last.page || page > last.page + 1) return last
        if (page < last.page) return { ...last, page }
        if (nextCursor === undefined) return last
        const cursors = last.cursors.slice(0, page)
        cursors[page] = nextCursor
        return { ...last, page, cursors }
      }),
    [nextCursor],
  )
  return {
    ...wish,
    loaded,
    problem,
    // A look at the same again is not worth a sign of being busy.
    busy: busy && !isAnswered,
    refresh: again,
    change,
    turnTo,
  }
}
