import type { Participant } from '@/contracts/chat'
import { HIDDEN_PRESENCE } from '@/contracts/presence'
import type { PresenceReader } from '@/services/presence/ports'
import type { RoomMember } from './ports'

/** Members as they are shown: who is hidden is offline and was never seen, whatever they do. */
export async function withPresence(reader: PresenceReader, members: readonly RoomMember[]): Promise<Participant[]> {
  return members.map(await presenceShown(reader, members))
}

/** How each of these members is shown, who may be seen by one and hidden from another. */
export async function presenceShown(
  reader: PresenceReader,
  members: readonly RoomMember[],
): Promise<(member: RoomMember) => Participant> {
  const visible = new Map(members.flatMap((member) => (member.isHidden ? [] : [[member.id, member]])))
  const presence = await reader.of([...visible.values()])
  return ({ isHidden, ...participant }) => {
    if (isHidden) return { ...participant, ...HIDDEN_PRESENCE }
    const { isOnline, lastSeen } = presence.get(participant.id) ?? participant
    return { ...participant, isOnline, lastSeen }
  }
}
