import { z } from 'zod'
import { ChatMessage } from '@/contracts/chat'

const Limited = z.object({ limitedUntil: z.number() })

/** What tabs of one account tell each other about the outbox. */
export interface TabChannel {
  /** Something was added, failed or discarded: read the storage again. */
  postChanged(): void
  /** This message was acknowledged. */
  postSent(message: ChatMessage): void
  /** The server takes no more messages of this person until then (milliseconds by the machine's clock). */
  postLimited(until: number): void
  onChanged(listener: () => void): void
  onSent(listener: (message: ChatMessage) => void): void
  onLimited(listener: (until: number) => void): void
  close(): void
}

/** For one tab alone. */
export const noChannel: TabChannel = {
  postChanged() {},
  postSent() {},
  postLimited() {},
  onChanged() {},
  onSent() {},
  onLimited() {},
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
    postLimited: (until) => channel.postMessage({ limitedUntil: until }),
    onChanged: (listener) =>
      listen((data) => {
        if (data === 'changed') listener()
      }),
    onSent: (listener) =>
      listen((data) => {
        const message = ChatMessage.safeParse(data)
        if (message.success) listener(message.data)
      }),
    onLimited: (listener) =>
      listen((data) => {
        const limited = Limited.safeParse(data)
        if (limited.success) listener(limited.data.limitedUntil)
      }),
    close: () => channel.close(),
  }
}
