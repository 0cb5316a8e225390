import { useCallback, useEffect, useState } from 'react'
import { useAnswerPages } from './useAnswer'
import { running, useClient } from './useClient'

/** Blocks this person, or unblocks them. Rejects with a sentence to show. */
export const useSetBlocked = () => {
  const client = useClient()
  return useCallback(async (userId: string, blocked: boolean) => running(client).blocks.set(userId, blocked), [client])
}

/** Whom one has blocked, in pages, who was blocked last first; asked anew whenever that changes on any page. */
export function useBlocked() {
  const client = useClient()
  const [changes, setChanges] = useState(0)
  useEffect(() => client?.blocks.changed.on(() => setChanges((count) => count + 1)), [client])
  const { pages, hasMore, busy, problem, more, again } = useAnswerPages(
    ['blocked', changes],
    client && ((cursor) => client.blocks.list(cursor)),
  )
  return { people: pages?.flatMap(({ users }) => users), hasMore, busy, problem, more, again }
}
