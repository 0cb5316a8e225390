import { useEffect, useMemo } from 'react'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import { useAttempt } from '../ui/useAttempt'

/** Conversations that are loaded to find some by their names. */
const MOST_LOOKED_THROUGH = 1_000

/**
 * The conversations that have this in their names; all, where it is blank. Looks through those that are not loaded yet, page
 * after page, until it has found enough.
 */
export function useNamedRooms(list: ConversationListView & ConversationListActions, typed: string, enough: number) {
  const { rooms, hasMore } = list
  const wanted = typed.trim().toLocaleLowerCase()
  const named = useMemo(
    () => (wanted ? rooms.filter(({ name }) => name?.toLocaleLowerCase().includes(wanted)) : rooms),
    [rooms, wanted],
  )
  const { attempt: loadMore, failed } = useAttempt(list.loadMore)
  const loaded = rooms.length
  const isLooking = wanted !== '' && hasMore && loaded < MOST_LOOKED_THROUGH && named.length < enough
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came, also one without a match, is followed by the next
  useEffect(() => {
    if (isLooking) void loadMore()
  }, [isLooking, loaded, loadMore])
  return { named, isLooking, loadMore, failed }
}
