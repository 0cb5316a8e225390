import type { Room } from '@/contracts/chat'
import { useAuth } from './useAuth'
import { useClient } from './useClient'

/**
 * Id of the other person of a direct conversation; undefined for a group, and where the page does not know it: a row of
 * the list names nobody but the sender of the last message, and an opened conversation its participants.
 */
export const useRoomPartner = ({ id, kind, lastMessage }: Room): string | undefined => {
  const client = useClient()
  const myId = useAuth().user?.id
  if (kind !== 'direct') return undefined
  if (lastMessage !== undefined && lastMessage.senderId !== myId) return lastMessage.senderId
  return client?.chat.conversationView(id).participants.find((participant) => participant.id !== myId)?.id
}
