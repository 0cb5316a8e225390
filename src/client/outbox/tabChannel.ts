import { z } from 'zod'
import { ChatMessage } from '@/contracts/chat'
import type { SendLimitView } from './SendLimit'

const LimitNews = z.object({
  limit: z.object({ blockedUntil: z.number().or(z.undefined()), remaining: z.number().or(z.undefined()) }),
})

/** What tabs of one account tell each other about the outbox. */
export interface TabChannel {
  /** Something was added, failed or discarded: read the storage again. */
  postChanged(): void
  /** This message was acknowledged. */
  postSent(message: ChatMessage): void
  /** What this tab learned of the limit for messages; moments are by the machine's clock. */
  postLimit(limit: SendLimitView): void
  onChanged(listener: () => void): void
  onSent(listener: (message: ChatMessage) => void): void
  onLimit(listener: (limit: SendLimitView) => void): void
  close(): void
}

/** For one tab alone. */
export const noChannel: TabChannel = {
  postChanged() {},
  postSent() {},
  postLimit() {},
  onChanged() {},
  onSent() {},
  onLimit() {},
  close() {},
}

/** By BroadcastChannel, whose messages reach hidden tabs at once. */
export const createTabChannel = (userId: string): TabChannel => {
  if (typeof BroadcastChannel === 'undefined') return noChannel
  const channel = new BroadcastChannel(`tandem-outbox-${userId}`)
  const listen = (listener: (data: unknown) => void) =>
    channel.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data))
  return {
    postChanged: () => channel.postMessage('changed'),
    postSent: (message) => channel.postMessage(message),
    postLimit: (limit) => channel.postMessage({ limit }),
    onChanged: (listener) =>
      listen((data) => {
        if (data === 'changed') listener()
      }),
    onSent: (listener) =>
      listen((data) => {
        const message = ChatMessage.safeParse(data)
        if (message.success) listener(message.data)
      }),
    onLimit: (listener) =>
      listen((data) => {
        const news = LimitNews.safeParse(data)
        if (news.success) listener(news.data.limit)
      }),
    close: () => channel.close(),
  }
}
