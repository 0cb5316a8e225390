import type { ChatMessage, HistoryInput, HistoryPage, MessagesRead, Participant, SyncRoomsData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { MessageDetails } from '@/contracts/messageDetails'
import type { ReactionsPage } from '@/contracts/reactions'
import type { Publish } from '@/services/shared/changes'
import type { SessionUser } from '@/services/shared/SessionUser'
import { actsForSelf, mayNotWrite, roomNotFound } from './policy'
import type {
  EditOutcome,
  InsertOutcome,
  MessageRepository,
  NewMessage,
  ReactionsQuery,
  RoomPosition,
  RoomRepository,
} from './ports'

export interface ChatMessageServiceDeps {
  messages: MessageRepository
  rooms: RoomRepository
  publish: Publish
  /** Who is in a room, with the presence that this member is told. */
  participants: (userId: string, roomId: string) => Promise<Participant[]>
  /** Stores one message; the group commit in production. */
  store: (message: NewMessage) => Promise<InsertOutcome>
  /** Told of every catch-up that was answered; never throws. */
  onCatchUp?: ((answer: SyncRoomsData) => void) | undefined
}

/** A message to be stored: `SendMessageInput`, parsed. */
export interface SendMessage {
  roomId: string
  message: string
  clientId: string
  senderId?: string | undefined
  replyToId?: string | undefined
  mentions?: readonly string[] | undefined
}

/** Sending, reading and catching up: the rules of a room's messages, for every transport. */
export class ChatMessageService {
  constructor(private readonly deps: ChatMessageServiceDeps) {}

  /**
   * Stores a message, then publishes it, then returns it: what is returned is committed. The same `(sender, clientId)`
   * again returns the stored message and publishes nothing.
   * @throws AppError FORBIDDEN (senderId is somebody else, or one of the two of a direct room has blocked the other),
   *   NOT_FOUND (no such room, or not a member; what it answers was deleted, or is not in this room), CONFLICT (the clientId
   *   was used with another room, text, replyToId or mentions), OVERLOADED (not stored), TIMEOUT or UNAVAILABLE (perhaps
   *   stored: send it again with the same clientId).
   */
  async send(user: SessionUser, input: SendMessage): Promise<{ message: ChatMessage; created: boolean }> {
    actsForSelf(user, input.senderId, 'senderId')
    const { roomId, message, clientId, replyToId, mentions } = input
    const id = crypto.randomUUID()
    const result = await this.deps.store({ id, roomId, senderId: user.id, clientId, message, replyToId, mentions })
    switch (result.outcome) {
      case 'new':
        this.deps.publish({ type: 'message', message: result.message })
        for (const change of result.told ?? []) this.deps.publish(change)
        if (result.met !== undefined) this.deps.publish({ type: 'acquainted', userIds: [user.id, result.met] })
        return { message: result.message, created: true }
      case 'duplicate':
        return { message: result.message, created: false }
      case 'conflict':
        throw new AppError('CONFLICT', {
          message: 'This clientId was already used for another message. Send it with a new one.',
        })
      case 'not_found':
        throw roomNotFound()
      case 'no_original':
        throw new AppError('NOT_FOUND', {
          message: 'The message that this one answers was deleted, or is not in this conversation.',
        })
      case 'blocking':
      case 'blocked':
        throw mayNotWrite(result.outcome)
      case 'failed':
        throw result.error
    }
  }

  /**
   * Gives one's own message another text. The same `clientId` again returns the message as it is now and changes nothing,
   * whatever became of it since; a text that it has already changes nothing either.
   * @throws AppError NOT_FOUND (no such message, not a member of its room, or it was deleted), FORBIDDEN (somebody else's, or
   *   a block as of `send`), CONFLICT (the clientId was used for another change).
   */
  async edit(
    user: SessionUser,
    input: {
      messageId: string
      message: string
      mentions?: readonly string[] | undefined
      clientId?: string | undefined
    },
  ): Promise<ChatMessage> {
    const { messageId, message, mentions, clientId } = input
    return this.changed(await this.deps.messages.change(user.id, { messageId, text: message, mentions, clientId }))
  }

  /**
   * Deletes a message: it keeps its place, its text is gone. Owners and admins of a group may delete everybody's.
   * @throws AppError as `edit` does, but also who may not write any more may delete; what is deleted already is answered as it
   *   is.
   */
  async delete(
    user: SessionUser,
    { messageId, clientId }: { messageId: string; clientId?: string | undefined },
  ): Promise<ChatMessage> {
    return this.changed(await this.deps.messages.change(user.id, { messageId, text: null, clientId }))
  }

  /**
   * Puts a reaction of one's own, or takes it back, which also who may not write any more may; repeated as `edit` is.
   * @throws AppError as `edit` does, and BAD_REQUEST (20 different emojis are there already).
   */
  async react(
    user: SessionUser,
    reaction: { messageId: string; emoji: string; on: boolean; clientId?: string | undefined },
  ): Promise<ChatMessage> {
    return this.changed(await this.deps.messages.react(user.id, { clientId: undefined, ...reaction }))
  }

  /** Who reacted to a message. @throws AppError NOT_FOUND (no such message, or not a member of its room). */
  async reactions(user: SessionUser, query: ReactionsQuery): Promise<ReactionsPage> {
    const page = await this.deps.messages.reactions(user.id, query)
    if (!page) throw messageNotFound()
    return page
  }

  /**
   * What these messages of the room do not say themselves.
   * @throws AppError NOT_FOUND (there are none of them, or not a member of the room).
   */
  async details(
    user: SessionUser,
    { roomId, seqs }: { roomId: string; seqs: readonly number[] },
  ): Promise<MessageDetails> {
    const details = await this.deps.messages.details(user.id, roomId, seqs)
    // Each of them was written by somebody.
    if (details.people.length === 0) throw messageNotFound()
    return details
  }

  private changed(result: EditOutcome): ChatMessage {
    switch (result.outcome) {
      case 'done':
        if (result.changed) this.deps.publish({ type: 'messageUpdated', message: result.message })
        for (const change of result.told) this.deps.publish(change)
        return result.message
      case 'not_found':
        throw messageNotFound()
      case 'full':
        throw new AppError('BAD_REQUEST', {
          message: `A message has at most ${limits.reactions} different reactions. Use one that is there.`,
        })
      case 'deleted':
        throw new AppError('NOT_FOUND', { message: 'This message was deleted.' })
      case 'forbidden':
        throw new AppError('FORBIDDEN', {
          message: 'You can edit your own messages; owners and admins of a group can also delete those of others.',
        })
      case 'blocking':
      case 'blocked':
        throw mayNotWrite(result.outcome)
      case 'conflict':
        throw new AppError('CONFLICT', {
          message: 'This clientId was already used for another change. Send it with a new one.',
        })
    }
  }

  /**
   * Marks messages up to `upToSeq` (absent: all) as read. A read position never falls; `count` is 0 when nothing changed,
   * and then nothing is published.
   * @throws AppError FORBIDDEN (userId is somebody else), NOT_FOUND (no such room, or not a member).
   */
  async markRead(
    user: SessionUser,
    input: { roomId: string; userId?: string | undefined; upToSeq?: number | undefined },
  ): Promise<MessagesRead> {
    actsForSelf(user, input.userId, 'userId')
    const result = await this.deps.rooms.markRead(user.id, input.roomId, input.upToSeq)
    if (!result) throw roomNotFound()
    if (result.changed) this.deps.publish({ type: 'read', read: result.read, toReader: result.toReader })
    for (const id of result.notificationIds) {
      this.deps.publish({ type: 'notificationUpdated', userId: user.id, update: { id, read: true } })
    }
    return result.read
  }

  /**
   * One page of messages; the newest one says also who is in the room.
   * @throws AppError NOT_FOUND (no such room, or not a member).
   */
  async history(user: SessionUser, input: HistoryInput): Promise<HistoryPage> {
    const page = await this.deps.messages.history(user.id, input)
    if (!page) throw roomNotFound()
    const isNewest = [input.beforeSeq, input.afterSeq, input.aroundSeq].every((seq) => seq === undefined)
    return isNewest ? { ...page, participants: await this.deps.participants(user.id, input.roomId) } : page
  }

  /** Everything that changed beyond what the client has. Never fails for one room: a room that is not one's own is `gone`. */
  async sync(
    user: SessionUser,
    input: { rooms: Record<string, number | { lastRev: number; readRev: number }> },
  ): Promise<SyncRoomsData> {
    const positions = new Map<string, RoomPosition>(
      Object.entries(input.rooms).map(([roomId, have]) => [
        roomId,
        typeof have === 'number' ? { lastRev: have, readRev: undefined } : have,
      ]),
    )
    const answer = { rooms: await this.deps.messages.changesSince(user.id, positions) }
    this.deps.onCatchUp?.(answer)
    return answer
  }
}

/** One answer for a message that is not there and one of somebody else's room. */
const messageNotFound = (): AppError =>
  new AppError('NOT_FOUND', { message: 'This message does not exist, or you are not in its conversation.' })
