import { useMemo } from 'react'
import { useChat } from './useChat'

/** How many messages of others are unread, in all and by room id. */
export const useUnreadMessages = (): { total: number; byRoom: Record<string, number> } => {
  const { rooms, unreadTotal } = useChat()
  return useMemo(
    () => ({ total: unreadTotal, byRoom: Object.fromEntries(rooms.map(({ id, unread }) => [id, unread])) }),
    [rooms, unreadTotal],
  )
}
