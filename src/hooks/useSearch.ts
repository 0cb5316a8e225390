import { useState } from 'react'
import { chatQueries } from '@/contracts/chat'
import type { SearchHit } from '@/contracts/search'
import { searchWords } from '@/contracts/searchWords'
import { type Person, userQueries } from '@/contracts/users'
import { useAnswer, useAnswerPages, useSettled } from './useAnswer'
import { useClient } from './useClient'

/** Long enough to type the next letter: only what somebody stops at is asked. */
const DEBOUNCE_MS = 350

const nothing: SearchHit[] = []
const nobody: Person[] = []

/** One letter begins too many words; in scripts without large and small letters it may be a word. */
const isWorthAsking = (query: string) => {
  const words = searchWords(query)
  const [only = ''] = words
  return words.length > 1 || [...only].length > 1 || (only !== '' && only.toUpperCase() === only)
}

/** People are found by three letters or more anywhere in their names, or by the whole address. */
const hasNobody = (query: string, emptyFor: string | undefined) =>
  emptyFor !== undefined && emptyFor.length >= 3 && query.startsWith(emptyFor) && !query.includes('@')

/** Messages with these words, and people of this name or address. */
export function useSearch(typed: string, mayFindPeople: boolean) {
  const client = useClient()
  const wanted = typed.trim()
  const query = useSettled(wanted, DEBOUNCE_MS)
  const isAsked = isWorthAsking(query)
  const messages = useAnswerPages(
    ['messages', query],
    client && isAsked
      ? async (cursor, signal) => ({
          ...(await client.transport.call(chatQueries.searchMessages, { query, ...cursor }, { signal })),
          query,
        })
      : null,
  )
  /** The shortest beginning of what was typed that is in nobody's name. */
  const [emptyFor, setEmptyFor] = useState<string>()
  const mayBeSomebody = query !== '' && mayFindPeople && !hasNobody(query, emptyFor)
  const people = useAnswer(
    ['people', query],
    client && mayBeSomebody
      ? async (signal) => {
          const { users } = await client.transport.call(userQueries.findUsers, { query }, { signal })
          if (users.length === 0) setEmptyFor(query)
          return users
        }
      : null,
  )
  return {
    isSearching: wanted !== query || messages.busy || people.busy,
    hits: isAsked ? (messages.pages?.flatMap(({ hits }) => hits) ?? nothing) : nothing,
    /** What `hits` were found by: until it is answered, not what is typed now. */
    answered: messages.pages?.[0]?.query ?? '',
    people: (mayBeSomebody && people.answer) || nobody,
    /** Undefined: there are no more. */
    more: isAsked && messages.hasMore ? messages.more : undefined,
    problem: messages.problem ?? people.problem,
    again: () => {
      if (isAsked) messages.again()
      if (mayBeSomebody) people.again()
    },
  }
}
