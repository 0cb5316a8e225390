import { useMemo } from 'react'
import { MessageDetails, type MessageDetailsView, type Place } from '@/client/chat/MessageDetails'
import type { TandemClient } from '@/client/TandemClient'
import { useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: MessageDetailsView = { names: new Map(), ownReactions: new Map() }

/** One for each client, made when a conversation is opened: before that nobody needs its code. */
const known = new WeakMap<TandemClient, MessageDetails>()

const detailsOf = (client: TandemClient): MessageDetails => {
  const details = known.get(client) ?? new MessageDetails(client.runtime, client.transport)
  known.set(client, details)
  return details
}

/** What the messages of a conversation do not say themselves: see `MessageDetails`. */
export const useMessageDetails = (roomId: string) => {
  const client = useClient()
  const details = client ? detailsOf(client) : undefined
  const view = useStore(details?.view, STARTING)
  const actions = useMemo(
    () => ({
      want: (message: Place) => details?.want(roomId, message),
      note: (messageId: string, emoji: string, on: boolean) => details?.note(messageId, emoji, on),
    }),
    [details, roomId],
  )
  return { ...view, ...actions }
}
