import { useCallback, useEffect, useState } from 'react'
import type { TandemClient } from '@/client/TandemClient'
import { AppError } from '@/contracts/errors'
import { type Person, userQueries } from '@/contracts/users'
import { useClient } from './useClient'

/** Long enough to type a second letter. */
const DEBOUNCE_MS = 200

interface Search {
  status: 'searching' | 'ready'
  people: Person[]
  problem: string | undefined
}

const find = async ({ transport }: TandemClient, query: string): Promise<Search> => {
  try {
    const { users } = await transport.call(userQueries.findUsers, { query })
    return { status: 'ready', people: users, problem: undefined }
  } catch (error) {
    const problem = error instanceof AppError ? error.message : 'The server could not be reached.'
    return { status: 'ready', people: [], problem }
  }
}

/** People whose name or address matches; an empty query lists some. An answer that was overtaken is dropped. */
export function useUserSearch(typed: string) {
  const client = useClient()
  const query = typed.trim()
  const [search, setSearch] = useState<Search>({ status: 'searching', people: [], problem: undefined })

  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    if (client === null) return
    let overtaken = false
    setSearch((before) => ({ ...before, status: 'searching', problem: undefined }))
    const show = async () => {
      const found = await find(client, query)
      if (!overtaken) setSearch(found)
    }
    const timer = setTimeout(show, query ? DEBOUNCE_MS : 0)
    return () => {
      overtaken = true
      clearTimeout(timer)
    }
  }, [client, query, attempt])

  const retry = useCallback(() => setAttempt((before) => before + 1), [])
  return { ...search, retry }
}
