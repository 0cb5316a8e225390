import { useCallback, useMemo, useState } from 'react'
import type { Participant, Room } from '@/contracts/chat'
import { useAnswer } from '@/hooks/useAnswer'
import { useGroup } from '@/hooks/useGroup'

/**
 * Whom one may name in a group: all others. Of a large one the page knows a hundred; everybody else is asked for as soon as
 * somebody is being named (`onNaming`).
 */
export function useMentionable(
  roomId: string,
  room: Pick<Room, 'kind' | 'memberCount'> | undefined,
  participants: readonly Participant[],
  myId: string,
) {
  const { everybody } = useGroup(roomId)
  const [isNaming, setIsNaming] = useState(false)
  const isGroup = room?.kind === 'group'
  const isPart = isGroup && participants.length < room.memberCount
  const { answer } = useAnswer(['everybody', roomId], isPart && isNaming ? everybody : null)
  const people = (isPart && answer) || participants
  return {
    mentionable: useMemo(() => (isGroup ? people.filter(({ id }) => id !== myId) : []), [isGroup, people, myId]),
    onNaming: useCallback(() => setIsNaming(true), []),
  }
}
