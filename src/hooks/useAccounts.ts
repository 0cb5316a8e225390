import { type Account, peopleCommands } from '@/contracts/people'
import { useAnswerPages, useSettled } from './useAnswer'
import { useClient } from './useClient'

/** Long enough to type a second letter. */
const DEBOUNCE_MS = 200

/** People whose name or address holds what was typed, by name. */
export function useAccounts(typed: string) {
  const client = useClient()
  const query = useSettled(typed.trim(), DEBOUNCE_MS)
  const { pages, change, ...list } = useAnswerPages(
    ['accounts', query],
    client && ((cursor) => client.transport.call(peopleCommands.listAccounts, { query, ...cursor })),
  )
  return {
    ...list,
    /** Undefined before the first answer. */
    users: pages?.flatMap(({ users }) => users),
    roles: pages?.at(-1)?.roles ?? { user: [], admin: [] },
    /** Shows an account as an answer of the server says it is. */
    put: (account: Account) =>
      change((page) => ({ ...page, users: page.users.map((other) => (other.id === account.id ? account : other)) })),
  }
}
