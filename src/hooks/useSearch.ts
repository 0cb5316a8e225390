import { chatQueries } from '@/contracts/chat'
import type { SearchHit } from '@/contracts/search'
import { searchWords } from '@/contracts/searchWords'
import { type Person, userQueries } from '@/contracts/users'
import { useAnswer, useAnswerPages, useSettled } from './useAnswer'
import { useClient } from './useClient'

/** Long enough to type a second letter. */
const DEBOUNCE_MS = 200

const nothing: SearchHit[] = []
const nobody: Person[] = []

/** Messages with these words, and people of this name or address. */
export function useSearch(typed: string, mayFindPeople: boolean) {
  const client = useClient()
  const wanted = typed.trim()
  const query = useSettled(wanted, DEBOUNCE_MS)
  const isAsked = searchWords(query).length > 0
  const messages = useAnswerPages(
    ['messages', query],
    client && isAsked ? (cursor) => client.transport.call(chatQueries.searchMessages, { query, ...cursor }) : null,
  )
  const people = useAnswer(
    ['people', query],
    client && query !== '' && mayFindPeople ? () => client.transport.call(userQueries.findUsers, { query }) : null,
  )
  return {
    isSearching: wanted !== query || messages.busy || people.busy,
    hits: isAsked ? (messages.pages?.flatMap(({ hits }) => hits) ?? nothing) : nothing,
    people: (query !== '' && people.answer?.users) || nobody,
    /** Undefined: there are no more. */
    more: isAsked && messages.hasMore ? messages.more : undefined,
    problem: messages.problem ?? people.problem,
    again: () => {
      if (isAsked) messages.again()
      if (query !== '') people.again()
    },
  }
}
