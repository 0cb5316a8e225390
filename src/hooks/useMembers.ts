import { useAnswerPages } from './useAnswer'
import { useClient } from './useClient'

/**
 * Everybody in a room, in pages, in the order in which they came.
 * @param version says something else whenever they have changed.
 */
export function useMembers(roomId: string, version: string) {
  const client = useClient()
  const { pages, hasMore, busy, problem, more, again } = useAnswerPages(
    ['members', roomId, version],
    client && (({ cursor }) => client.chat.groups.members(roomId, cursor)),
  )
  return { members: pages?.flatMap(({ participants }) => participants) ?? [], hasMore, busy, problem, more, again }
}
