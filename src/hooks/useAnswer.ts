import { QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { AppError } from '@/contracts/errors'
import { sentenceOf } from './sentenceOf'

/** What is asked: questions that say the same are the same. */
type Question = readonly unknown[]

const rules = {
  // The transport tries again what is worth it, and knows better than the browser whether the server can be reached.
  retry: false,
  networkMode: 'always',
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  // An answer that nobody looks at is forgotten: whoever comes back sees it as it is then.
  gcTime: 0,
} as const

/** Each list keeps its own answers, so that they end with the page of who asked. */
const useCache = () => useState(() => new QueryClient())[0]

/** Until a question is answered, and when it fails, the last answer stays. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value)
  if (value !== undefined && value !== last) setLast(value)
  return value ?? last
}

const problemOf = (error: unknown): string | undefined => (error === null ? undefined : sentenceOf(error))

const notNow = () => Promise.reject(new AppError('UNAVAILABLE'))

/** What was given last, once it has stayed the same for so many milliseconds; at first at once. */
export function useSettled<T>(given: T, ms: number): T {
  const [settled, setSettled] = useState(given)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(given), ms)
    return () => clearTimeout(timer)
  }, [given, ms])
  return settled
}

interface Asking<T> {
  /** Asks again this often while somebody looks, in milliseconds. */
  everyMs?: number
  /** `next`, in which what says the same as in `last` is the same object. */
  keepEqual?: (last: T | undefined, next: T) => T
}

/**
 * The answer to the newest question: one that was overtaken is never shown.
 * @param ask null: it cannot be asked now.
 */
export function useAnswer<T>(
  question: Question,
  ask: ((overtaken: AbortSignal) => Promise<T>) | null,
  { everyMs, keepEqual }: Asking<T> = {},
) {
  const { data, error, isFetching, refetch } = useQuery(
    {
      ...rules,
      queryKey: question,
      queryFn: ({ signal }) => (ask ?? notNow)(signal),
      enabled: ask !== null,
      ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
      ...(keepEqual && {
        // Both are what `ask` gave.
        structuralSharing: (last: unknown, next: unknown) => keepEqual(last as T | undefined, next as T),
      }),
    },
    useCache(),
  )
  return {
    answer: useLast(data),
    /** Whether this very question was answered, now or before. */
    isAnswered: data !== undefined || error !== null,
    busy: isFetching,
    problem: problemOf(error),
    again: useCallback(() => void refetch(), [refetch]),
  }
}

/** The same of a list that comes in pages, each with the cursor that leads to the next, as far as it was asked for. */
export function useAnswerPages<Page extends { nextCursor: string | null }>(
  question: Question,
  ask: ((cursor: { cursor?: string }, overtaken: AbortSignal) => Promise<Page>) | null,
) {
  const cache = useCache()
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    {
      ...rules,
      queryKey: question,
      queryFn: ({ pageParam, signal }) => (ask ?? notNow)(pageParam === null ? {} : { cursor: pageParam }, signal),
      initialPageParam: null as string | null, // the first page has none
      getNextPageParam: ({ nextCursor }: Page) => nextCursor,
      enabled: ask !== null,
    },
    cache,
  )
  return {
    pages: useLast(data)?.pages,
    hasMore: hasNextPage,
    busy: isFetching,
    problem: problemOf(error),
    more: useCallback(() => void fetchNextPage(), [fetchNextPage]),
    /** Asks for all that is shown anew. */
    again: useCallback(() => void refetch(), [refetch]),
    /** Until it is asked anew, pages show what is known better than by their answers. */
    change: (edit: (page: Page) => Page) => {
      cache.setQueryData<typeof data>(question, (shown) => shown && { ...shown, pages: shown.pages.map(edit) })
    },
  }
}
