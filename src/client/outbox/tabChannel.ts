import * as z from 'zod/mini'
import { ChatMessage } from '@/contracts/chat'
import { limitNames } from './SendLimit'

const NumberOrNothing = z.union([z.number(), z.undefined()])

/** What tabs of one account tell each other about the outbox. */
export const OutboxNews = z.union([
  /** Something was added, failed or discarded: read the storage again. */
  z.literal('changed'),
  /** This message was acknowledged. */
  ChatMessage,
  /** What a tab learned of a limit; moments are by the machine's clock. */
  z.object({
    limit: z.object({ blockedUntil: NumberOrNothing, remaining: NumberOrNothing }),
    of: z.enum(limitNames),
  }),
])
export type OutboxNews = z.infer<typeof OutboxNews>

/**
 * How the tabs of one person tell each other what happened to the outbox. What is posted is not heard by the tab
 * itself.
 */
export interface TabChannel {
  /** Tells the other tabs. */
  post(news: OutboxNews): void
  /** Hears the other tabs. */
  on(listener: (news: OutboxNews) => void): void
  close(): void
}

/** For one tab alone. */
export const noChannel: TabChannel = { post() {}, on() {}, close() {} }

/** By BroadcastChannel, whose messages reach hidden tabs at once. */
export const createTabChannel = (userId: string): TabChannel => {
  if (typeof BroadcastChannel === 'undefined') return noChannel
  const channel = new BroadcastChannel(`tandem-outbox-${userId}`)
  return {
    post: (news) => channel.postMessage(news),
    on: (listener) =>
      channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const news = OutboxNews.safeParse(data)
        if (news.success) listener(news.data)
      }),
    close: () => channel.close(),
  }
}
