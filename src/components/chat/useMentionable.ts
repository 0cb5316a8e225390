import { useCallback, useMemo, useState } from 'react'
import type { Participant, Room } from '@/contracts/chat'
import { useAnswer } from '@/hooks/useAnswer'
import { useKeptNames } from '@/hooks/useDraft'
import { useGroup } from '@/hooks/useGroup'
import type { Named } from './mentions'

/**
 * Whom one may name in a group: all others. Of a large one the page knows a hundred; everybody else is asked for as soon as
 * somebody is being named (`onNaming`). Whom a text may name (`known`) are also those who were chosen for it
 * (`onChosen`), by the name they had then: the list may not be there when it is sent.
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
  const mentionable = useMemo(() => (isGroup ? people.filter(({ id }) => id !== myId) : []), [isGroup, people, myId])
  const [chosen, keepChosen] = useKeptNames(myId, roomId)
  return {
    mentionable,
    known: useMemo((): Named[] => [...mentionable, ...chosen], [mentionable, chosen]),
    onNaming: useCallback(() => setIsNaming(true), []),
    onChosen: useCallback(({ id, name }: Named) => keepChosen([...chosen, { id, name }]), [chosen, keepChosen]),
    /** What they were chosen for was sent. */
    forgetChosen: useCallback(() => keepChosen([]), [keepChosen]),
  }
}
