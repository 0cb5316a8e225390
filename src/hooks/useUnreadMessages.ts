import { useChat } from './useChat'

/** How many messages of others are unread, in all conversations. */
export const useUnreadMessages = (): number => useChat().unreadTotal
