import { useMemo, useSyncExternalStore } from 'react'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import { running, subscribeToNothing, useClient } from './useClient'

const starting: ConversationListView = {
  status: 'loading',
  error: undefined,
  rooms: [],
  hasMore: false,
  unreadTotal: 0,
}
const getStarting = () => starting

/** The person's conversations, latest first, kept current. */
export const useChat = (): ConversationListView & ConversationListActions => {
  const client = useClient()
  const view = useSyncExternalStore(
    client?.chat.subscribe ?? subscribeToNothing,
    client === null ? getStarting : () => client.chat.listView(),
    getStarting,
  )
  const actions = useMemo(
    (): ConversationListActions => ({
      loadMore: async () => running(client).chat.loadMore(),
      reload: async () => running(client).chat.reload(),
      startConversation: async (participantId) => running(client).chat.startConversation(participantId),
    }),
    [client],
  )
  return useMemo(() => ({ ...view, ...actions }), [view, actions])
}
