import type { ConversationView } from '@/client/chat/view'
import { limitOf } from '@/client/outbox/entries'
import type { LimitName, SendLimitView } from '@/client/outbox/SendLimit'
import { useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: SendLimitView = { blockedUntil: undefined, remaining: undefined }

const useLimit = (name: LimitName): SendLimitView => useStore(useClient()?.sendLimits[name], STARTING)

/**
 * What of the server's limits concerns this conversation: how many messages are left, which count in all of them, and when
 * what waits here goes out. Nothing overtakes what waits before it, so the last of the limits counts.
 */
export function useSendLimit({ outgoing, changes }: Pick<ConversationView, 'outgoing' | 'changes'>): SendLimitView {
  const limits = { messages: useLimit('messages'), changes: useLimit('changes'), rooms: useLimit('rooms') }
  const delays = new Set<LimitName>()
  for (const message of outgoing) if (message.state !== 'failed') delays.add(limitOf(message))
  if (changes.some(({ state }) => state !== 'failed')) delays.add('changes')
  const ends = [...delays].flatMap((name) => limits[name].blockedUntil ?? [])
  return {
    remaining: limits.messages.remaining,
    blockedUntil: ends.length > 0 ? Math.max(...ends) : undefined,
  }
}
