import { useCallback, useEffect, useState } from 'react'
import { createHttpClient } from '@/client/transport/http'
import { AppError } from '@/contracts/errors'
import { FindUsersData, type Person } from '@/contracts/users'

/** Long enough to type a second letter. */
const debounceMs = 200

interface Search {
  status: 'searching' | 'ready'
  people: Person[]
  problem: string | undefined
}

const http = createHttpClient()

const find = async (query: string): Promise<Search> => {
  try {
    const { users } = await http.request({ method: 'GET', path: '/api/users', query: { query }, schema: FindUsersData })
    return { status: 'ready', people: users, problem: undefined }
  } catch (error) {
    const problem = error instanceof AppError ? error.message : 'The server could not be reached.'
    return { status: 'ready', people: [], problem }
  }
}

/** People whose name or address matches; an empty query lists some. An answer that was overtaken is dropped. */
export function useUserSearch(typed: string) {
  const query = typed.trim()
  const [search, setSearch] = useState<Search>({ status: 'searching', people: [], problem: undefined })

  const ask = useCallback(() => {
    let overtaken = false
    setSearch((before) => ({ ...before, status: 'searching', problem: undefined }))
    const show = async () => {
      const found = await find(query)
      if (!overtaken) setSearch(found)
    }
    const timer = setTimeout(show, query ? debounceMs : 0)
    return () => {
      overtaken = true
      clearTimeout(timer)
    }
  }, [query])

  useEffect(ask, [ask])
  return { ...search, retry: ask }
}
