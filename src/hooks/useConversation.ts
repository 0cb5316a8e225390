import { useEffect, useMemo } from 'react'
import type { ConversationActions, ConversationView } from '@/client/chat/view'
import { addressOf } from '@/client/outbox/address'
import { running, useClient } from './useClient'
import { drawNow, useStore } from './useStore'

const STARTING: ConversationView = {
  status: 'loading',
  error: undefined,
  room: undefined,
  participants: [],
  messages: [],
  outgoing: [],
  changes: [],
  typing: [],
  hasOlder: false,
  loadingOlder: false,
  hasNewer: false,
  loadingNewer: false,
}

export { addressOf }

const drawn =
  <Input extends unknown[]>(act: (...input: Input) => void) =>
  (...input: Input): void => {
    act(...input)
    drawNow()
  }

/** One conversation, or what is addressed to a person (`addressOf`): loaded and kept current for as long as it is on the page. */
export const useConversation = (roomId: string): ConversationView & ConversationActions => {
  const client = useClient()
  const view = useStore(client?.chat.conversation(roomId), STARTING)
  useEffect(() => client?.chat.openConversation(roomId), [client, roomId])
  const actions = useMemo(
    (): ConversationActions => ({
      send: drawn((text, more) => running(client).chat.sendMessage(roomId, text, more)),
      edit: drawn((message, text, mentions) => running(client).chat.editMessage(roomId, message, text, mentions)),
      remove: drawn((message) => running(client).chat.deleteMessage(roomId, message)),
      react: drawn((messageId, emoji, on) => running(client).chat.react(roomId, messageId, emoji, on)),
      reactions: async (messageId, cursor) => running(client).chat.reactions(messageId, cursor),
      retry: drawn((clientId) => running(client).chat.retryMessage(clientId)),
      discard: drawn((clientId) => running(client).chat.discardMessage(clientId)),
      setTyping: (on) => running(client).chat.setTyping(roomId, on),
      loadOlder: async () => running(client).chat.loadOlder(roomId),
      loadNewer: async () => running(client).chat.loadNewer(roomId),
      openAround: async (seq) => running(client).chat.openAround(roomId, seq),
      toNewest: () => running(client).chat.toNewest(roomId),
      markRead: (upToSeq) => running(client).chat.markRead(roomId, upToSeq),
      reload: async () => running(client).chat.reloadConversation(roomId),
    }),
    [client, roomId],
  )
  return useMemo(() => ({ ...view, ...actions }), [view, actions])
}
