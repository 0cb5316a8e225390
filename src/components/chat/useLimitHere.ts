import type { OutgoingMessage } from '@/client/outbox/Outbox'
import type { SendLimitView } from '@/client/outbox/SendLimit'
import { useSendLimit } from '@/hooks/useSendLimit'

/** What of the server's limit concerns this conversation. It counts all of them, and is told of where something waits for it. */
export function useLimitHere(outgoing: readonly OutgoingMessage[]): SendLimitView {
  const { blockedUntil, remaining } = useSendLimit()
  const isDelayed = outgoing.some(({ state }) => state !== 'failed')
  return { remaining, blockedUntil: isDelayed ? blockedUntil : undefined }
}
