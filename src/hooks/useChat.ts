import { useMemo } from 'react'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import type { Room } from '@/contracts/chat'
import { running, useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: ConversationListView = {
  status: 'loading',
  error: undefined,
  rooms: [],
  hasMore: false,
  unreadTotal: 0,
  waiting: new Map(),
}

/**
 * The person's conversations, latest first, kept current. Until they are loaded those are shown that the server gave with
 * the page, if it did.
 */
export const useChat = (given?: readonly Room[]): ConversationListView & ConversationListActions => {
  const client = useClient()
  const starting = useMemo(
    (): ConversationListView => (given ? { ...STARTING, status: 'ready', rooms: [...given] } : STARTING),
    [given],
  )
  const newest = useStore(client?.chat.list, starting)
  const view = newest.status === 'loading' && newest.rooms.length === 0 ? starting : newest
  const actions = useMemo(
    (): ConversationListActions => ({
      loadMore: async () => running(client).chat.loadMore(),
      reload: async () => running(client).chat.reload(),
      findConversation: async (personId) => running(client).chat.findConversation(personId),
    }),
    [client],
  )
  return useMemo(() => ({ ...view, ...actions }), [view, actions])
}
