import { useCallback, useEffect, useRef, useState } from 'react'
import { AppError } from '@/contracts/errors'
import { type Account, type AccountsPage, peopleCommands } from '@/contracts/people'
import { useClient } from './useClient'
import { type Call, useCommand } from './useCommand'

/** Long enough to type a second letter. */
const DEBOUNCE_MS = 200

interface Accounts extends AccountsPage {
  status: 'loading' | 'ready' | 'error'
  problem: string | undefined
}

const NONE: Accounts = {
  status: 'loading',
  problem: undefined,
  users: [],
  nextCursor: null,
  roles: { user: [], admin: [] },
}

const sentence = (error: unknown): string =>
  error instanceof AppError ? error.message : 'The server could not be reached. Please try again.'

const read = async (call: Call, query: string, before: Accounts): Promise<Accounts> => {
  try {
    const cursor = before.nextCursor ?? undefined
    const page = await call(peopleCommands.listAccounts, { query, ...(cursor === undefined ? {} : { cursor }) })
    return { ...page, users: [...before.users, ...page.users], status: 'ready', problem: undefined }
  } catch (error) {
    return { ...before, status: 'error', problem: sentence(error) }
  }
}

/** People whose name or address holds what was typed, by name. An answer that was overtaken is dropped. */
export function useAccounts(typed: string) {
  const client = useClient()
  const call = useCommand()
  const query = typed.trim()
  const [accounts, setAccounts] = useState(NONE)
  const [attempt, setAttempt] = useState(0)
  const newest = useRef(0)

  const load = useCallback(
    async (before: Accounts) => {
      newest.current += 1
      const mine = newest.current
      setAccounts((shown) => ({ ...shown, status: 'loading', problem: undefined }))
      const after = await read(call, query, before)
      if (mine === newest.current) setAccounts(after)
    },
    [call, query],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    if (client === null) return
    const timer = setTimeout(() => void load(NONE), query ? DEBOUNCE_MS : 0)
    return () => clearTimeout(timer)
  }, [client, query, load, attempt])

  return {
    ...accounts,
    loadMore: () => void load(accounts),
    retry: useCallback(() => setAttempt((before) => before + 1), []),
    /** Shows an account as an answer of the server says it is. */
    put: useCallback((account: Account) => {
      setAccounts((shown) => ({
        ...shown,
        users: shown.users.map((other) => (other.id === account.id ? account : other)),
      }))
    }, []),
  }
}
