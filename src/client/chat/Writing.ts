import { canonicalEmoji } from '@/contracts/emoji'
import { AppError } from '@/contracts/errors'
import { MessageText } from '@/contracts/primitives'
import type { Outbox } from '../outbox/Outbox'
import type { Clock } from '../runtime/clock'
import type { RoomCache } from './RoomCache'
import type { MessageRef, SentWith } from './view'

export interface WritingDeps {
  userId: string
  cache: RoomCache
  outbox: Outbox
  clock: Clock
  createClientId(): string
}

/** What this person writes, edits, deletes and reacts: each goes into the outbox, and the methods return at once. */
export class Writing {
  constructor(private readonly deps: WritingDeps) {}

  /** As `ChatStore.sendMessage`. */
  send(roomId: string, text: string, more: SentWith): void {
    const { outbox, userId, clock, createClientId } = this.deps
    const message = parseText(text)
    const createdAt = new Date(clock.now()).toISOString()
    outbox.add({ clientId: createClientId(), roomId, senderId: userId, message, createdAt, ...more })
  }

  /** As `ChatStore.editMessage`. */
  edit(roomId: string, message: MessageRef, text: string, mentions: string[] | undefined): void {
    const { outbox } = this.deps
    const next = { text: parseText(text), mentions }
    const id = this.idOf(roomId, message)
    if (id !== undefined) outbox.change({ id, roomId }, { kind: 'edit', ...next })
    else if (!('clientId' in message && outbox.rewrite(message.clientId, next))) throw new AppError('NOT_FOUND')
  }

  delete(roomId: string, message: MessageRef): void {
    const { outbox } = this.deps
    const id = this.idOf(roomId, message)
    if (id !== undefined) outbox.change({ id, roomId }, { kind: 'delete' })
    else if ('clientId' in message) outbox.withdraw(message.clientId)
  }

  react(roomId: string, messageId: string, picked: string, on: boolean): void {
    const emoji = canonicalEmoji(picked)
    this.deps.outbox.change({ id: messageId, roomId }, { kind: 'react', emoji, on })
  }

  /** Undefined while it waits itself. It may have been acknowledged since it was pointed at. */
  private idOf(roomId: string, message: MessageRef): string | undefined {
    return 'id' in message ? message.id : this.deps.cache.get(roomId)?.ownMessage(message.clientId)?.id
  }
}

/** @throws AppError BAD_REQUEST for a text that no server would take. */
function parseText(text: string): string {
  const parsed = MessageText.safeParse(text)
  if (parsed.success) return parsed.data
  const message = parsed.error.issues[0]?.message
  throw new AppError('BAD_REQUEST', message === undefined ? {} : { message })
}
