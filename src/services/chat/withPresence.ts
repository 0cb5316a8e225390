import type { Participant } from '@/contracts/chat'
import { NEVER_SEEN } from '@/contracts/presence'
import type { PresenceReader } from '@/services/presence/ports'
import type { RoomMember } from './ports'

/** Members as they are shown: who is hidden is offline and was never seen, whatever they do. */
export async function withPresence(reader: PresenceReader, members: readonly RoomMember[]): Promise<Participant[]> {
  const presence = await reader.of(members.filter(({ isHidden }) => !isHidden))
  return members.map(({ isHidden, ...participant }) => {
    if (isHidden) return { ...participant, isOnline: false, lastSeen: NEVER_SEEN }
    const { isOnline, lastSeen } = presence.get(participant.id) ?? participant
    return { ...participant, isOnline, lastSeen }
  })
}
