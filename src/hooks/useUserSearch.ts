import { type Person, userQueries } from '@/contracts/users'
import { useAnswer, useSettled } from './useAnswer'
import { useClient } from './useClient'

/** Long enough to type a second letter. */
const DEBOUNCE_MS = 200

const nobody: Person[] = []

/** People whose name or address matches; an empty query lists some. */
export function useUserSearch(typed: string) {
  const client = useClient()
  const wanted = typed.trim()
  const query = useSettled(wanted, DEBOUNCE_MS)
  const { answer, isAnswered, busy, problem, again } = useAnswer(
    ['people', query],
    client && ((signal) => client.transport.call(userQueries.findUsers, { query }, { signal })),
  )
  return {
    status: wanted === query && isAnswered && !busy ? 'ready' : 'searching',
    people: (problem === undefined && answer?.users) || nobody,
    /** What was typed is an address that nobody has, and an invite can be mailed to it. */
    invites: problem === undefined && answer?.invites === true,
    problem,
    retry: again,
  }
}
