import { useMemo } from 'react'
import type { ConversationListActions, ConversationListView } from '@/client/chat/view'
import { running, useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: ConversationListView = {
  status: 'loading',
  error: undefined,
  rooms: [],
  hasMore: false,
  unreadTotal: 0,
}

/** The person's conversations, latest first, kept current. */
export const useChat = (): ConversationListView & ConversationListActions => {
  const client = useClient()
  const view = useStore(client?.chat.list, STARTING)
  const actions = useMemo(
    (): ConversationListActions => ({
      loadMore: async () => running(client).chat.loadMore(),
      reload: async () => running(client).chat.reload(),
      startConversation: async (participantId) => running(client).chat.startConversation(participantId),
      startGroup: async (name, participantIds) => running(client).chat.groups.start(name, participantIds),
    }),
    [client],
  )
  return useMemo(() => ({ ...view, ...actions }), [view, actions])
}
