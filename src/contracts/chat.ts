import * as z from 'zod/mini'
import { Block, blockCommands, blockQueries } from './blocks'
import { ChatMessage, Participant, Room, RoomData } from './chatShapes'
import { command, commandTable, event } from './command'
import { GetOrCreateRoomInput, groupCommands, groupQueries, RoomRemoved } from './groups'
import { limits } from './limits'
import { atMost, Counter, Cursor, Id, MessageText, pageLimit, Timestamp } from './primitives'
import { reactionCommands, reactionQueries } from './reactions'
import { searchQueries } from './search'

export { ChatMessage, Participant, Room, RoomData }

export const JoinRoomInput = z.object({ roomId: Id })

/** The ids of those whom a message names, without doubles. */
const Mentions = z.pipe(
  atMost(limits.mentions, 'mentions', z.array(Id)),
  z.transform((ids) => [...new Set(ids)].sort()),
)

export const SendMessageInput = z.object({
  roomId: Id,
  message: MessageText,
  clientId: Id,
  /** If given it must be the session's own user. */
  senderId: z.optional(Id),
  /** The message of the same room that this one answers. With the same client id and another one here: CONFLICT. */
  replyToId: z.optional(Id),
  /** Of a group: whom the text names. Who is no member is left out. */
  mentions: z.optional(Mentions),
})
export type SendMessageInput = z.input<typeof SendMessageInput>

export const EditMessageInput = z.object({
  messageId: Id,
  message: MessageText,
  /** Whom it names from now on; absent: the same as before. */
  mentions: z.optional(Mentions),
  /** Makes it safe to send again: what was carried out under it is not done twice, whatever happened since. */
  clientId: z.optional(Id),
})

export const DeleteMessageInput = z.object({ messageId: Id, clientId: z.optional(Id) })

export const TypingInput = z.object({ roomId: Id, on: z.boolean() })
/** Whoever types says so again within 3 s; after 6 s without it they have stopped. */
export const Typing = z.object({ roomId: Id, userId: Id, on: z.boolean() })
export type Typing = z.infer<typeof Typing>

export const MarkMessagesReadInput = z.object({
  roomId: Id,
  /** If given it must be the session's own user. */
  userId: z.optional(Id),
  /** Read up to and including this `seq`; absent: all. Clamped to the room's `lastSeq`. */
  upToSeq: z.optional(Counter),
})

/** `count` is how many messages of others became read; 0 when nothing changed. */
export const MessagesRead = z.object({ roomId: Id, userId: Id, count: Counter, lastReadSeq: Counter })
export type MessagesRead = z.infer<typeof MessagesRead>

/** What a client has of a room: a bare number is `lastRev`. */
const SyncPosition = z.union([Counter, z.object({ lastRev: Counter, readRev: Counter })], {
  error: 'Give lastRev, or { lastRev, readRev }.',
})

export const SyncRoomsInput = z.object({
  rooms: atMost(limits.syncRooms, 'rooms', z.record(Id, SyncPosition)),
})
export type SyncRoomsInput = z.input<typeof SyncRoomsInput>

/**
 * One room's catch-up. Changes: every message with a `rev` beyond the client's, ascending by `rev` (which need not be
 * contiguous), at most 200; afterwards the client has the last message's `rev` if `hasMore`, else `lastRev`. `reset`: more
 * than 1,000 messages are new or changed, or the client is ahead of a restored database: reload the newest page. `gone`: no longer a member.
 */
export const SyncRoom = z.union([
  z.object({
    messages: z.array(ChatMessage),
    lastRev: Counter,
    readRev: Counter,
    /** Everyone's `lastReadSeq`, when `readRev` moved; in a room of more than 100 one's own. */
    reads: z.optional(z.record(Id, Counter)),
    /** The room as it is now, when one of the messages tells of a change of it, or one has muted, pinned or blocked. */
    room: z.optional(Room),
    hasMore: z.boolean(),
  }),
  z.object({ reset: z.literal(true) }),
  z.object({ gone: z.literal(true) }),
])
export type SyncRoom = z.infer<typeof SyncRoom>

/** Of each room that was asked for its catch-up. */
export const SyncRoomsData = z.object({ rooms: z.record(Id, SyncRoom) })
export type SyncRoomsData = z.infer<typeof SyncRoomsData>

/** `asOf` is what the answer before said; a time before 1970 cannot be that. */
export const PingInput = z.optional(
  z.object({
    asOf: z.optional(Timestamp.check(z.refine((time) => Date.parse(time) >= 0, 'Use asOf of the answer before.'))),
    away: z.optional(z.boolean()),
    /** At most 500 heads at once; absent: all. */
    paged: z.optional(z.boolean()),
    /** `nextCursor` of the page before, which also says what `asOf` was then. */
    cursor: z.optional(Cursor),
  }),
)
export type PingInput = z.output<typeof PingInput>

/** How far a room is: `lastRev` counts its changes, `readRev` those of its read positions. */
export const Head = z.object({ lastRev: Counter, readRev: Counter })
export type Head = z.infer<typeof Head>

/**
 * On `/chat` the heads of rooms changed since the client's `asOf` (minus 60 s, by the database's clock); on
 * `/notifications` of none.
 */
export const PingData = z.object({
  lastSeen: Timestamp,
  /** Of several pages the first one's: what changed while they were read is in the next ping. */
  asOf: Timestamp,
  /** When to ask next, in milliseconds. */
  nextPingMs: z.int().check(z.positive()),
  rooms: z.record(Id, Head),
  /** Rooms that one was in and is no more, since `asOf`; on the first page. */
  gone: z.optional(z.array(Id)),
  notifications: z.object({ version: Counter, unread: Counter }),
  /** There are more heads: ask again with it. */
  nextCursor: z.optional(Cursor),
})
export type PingData = z.infer<typeof PingData>

export const ListRoomsInput = z.object({ cursor: z.optional(Cursor) })
/** The latest first. `nextCursor`: there are older ones; null: there are none. */
export const RoomsPage = z.object({ rooms: z.array(Room), nextCursor: z.nullable(Cursor) })
export type RoomsPage = z.infer<typeof RoomsPage>

const places = ['beforeSeq', 'afterSeq', 'aroundSeq'] as const

/** One page of a room's messages: where it lies says one of the three, or none (the newest). */
export const HistoryInput = z
  .object({
    roomId: Id,
    /** The newest that come before it. */
    beforeSeq: z.optional(z.pipe(z.coerce.number(), Counter)),
    /** The oldest that come after it. */
    afterSeq: z.optional(z.pipe(z.coerce.number(), Counter)),
    /** It and as many before it as after it. */
    aroundSeq: z.optional(z.pipe(z.coerce.number(), Counter)),
    limit: pageLimit(limits.historyPage, limits.snapshotMessages),
  })
  .check(
    z.refine((input) => places.filter((place) => input[place] !== undefined).length <= 1, {
      error: 'Say where with one of beforeSeq, afterSeq and aroundSeq.',
      path: ['beforeSeq'],
    }),
  )
export type HistoryInput = z.output<typeof HistoryInput>

/** Ascending by `seq`. `hasMore`: older ones exist; of a page with `afterSeq`, newer ones. */
export const HistoryPage = z.object({
  messages: z.array(ChatMessage),
  hasMore: z.boolean(),
  /** With the newest page over HTTP: who is in the room, as `joinRoom` says it over the socket. */
  participants: z.optional(z.array(Participant)),
})
export type HistoryPage = z.infer<typeof HistoryPage>

/** Commands of the namespace `/chat`, by event name. */
export const chatCommands = commandTable('/chat', {
  /** The direct room with this person, made if there is none, or a new group; with its newest messages. */
  getOrCreateRoom: command({
    input: GetOrCreateRoomInput,
    data: RoomData,
    http: 'POST /api/chat/rooms',
    permission: 'chat:create-room',
    // The room it answers with has messages in it.
    alsoNeeds: ['chat:read'],
    limit: 'chat-rooms',
    errors: ['NOT_FOUND'],
    takesTurns: true,
    created: 'when made',
  }),
  /** A room of one's own with its newest messages. Over the socket one hears of it from then on; HTTP has the answer alone. */
  joinRoom: command({
    input: JoinRoomInput,
    data: RoomData,
    http: 'GET /api/chat/rooms/:roomId',
    permission: 'chat:read',
    limit: 'chat-history',
    errors: ['NOT_FOUND'],
    takesTurns: true,
  }),
  /** One message. The same `clientId` again answers with the message that it made and makes no other. */
  sendMessage: command({
    input: SendMessageInput,
    data: ChatMessage,
    http: 'POST /api/chat/messages',
    permission: 'chat:write',
    limit: 'chat-messages',
    errors: ['NOT_FOUND', 'CONFLICT'],
    created: 'when made',
  }),
  /** Another text for one of one's own messages. */
  editMessage: command({
    input: EditMessageInput,
    data: ChatMessage,
    http: 'PATCH /api/chat/messages/:messageId',
    permission: 'chat:write',
    limit: 'chat-edits',
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  /** One of one's own; owners and admins of a group any. Its text is gone, its place stays. */
  deleteMessage: command({
    input: DeleteMessageInput,
    data: ChatMessage,
    http: 'DELETE /api/chat/messages/:messageId',
    permission: 'chat:write',
    limit: 'chat-edits',
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
  /** Up to a message, or all. What was read stays read. */
  markMessagesRead: command({
    input: MarkMessagesReadInput,
    data: MessagesRead,
    http: 'PATCH /api/chat/messages/read',
    permission: 'chat:read',
    limit: 'chat-read',
    errors: ['NOT_FOUND'],
  }),
  /** Kept nowhere; in a room of more than 100 told to nobody. */
  typing: command({
    input: TypingInput,
    data: z.object({}),
    http: { socketOnly: 'Without a socket nobody would hear of it in time.' },
    permission: 'chat:write',
    limit: 'chat-typing',
    errors: ['NOT_FOUND'],
  }),
  /** Catches up: what changed in these rooms since what the client has. */
  syncRooms: command({
    input: SyncRoomsInput,
    data: SyncRoomsData,
    http: 'POST /api/chat/sync',
    permission: 'chat:read',
    limit: 'chat-sync',
    takesTurns: true,
  }),
  /** Says that one is here, and learns which rooms have changed. To be asked again after `nextPingMs`. */
  ping: command({
    input: PingInput,
    data: PingData,
    http: { socketOnly: 'It says that this connection is alive.' },
    permission: 'chat:read',
    limit: 'chat-ping',
  }),
  ...groupCommands,
  ...reactionCommands,
  ...blockCommands,
})
export type ChatCommands = typeof chatCommands

/** Reads that exist over HTTP only. */
export const chatQueries = commandTable(null, {
  /** One's rooms, the latest first; with the first page all that are pinned. */
  listRooms: command({
    input: ListRoomsInput,
    data: RoomsPage,
    http: 'GET /api/chat/rooms',
    permission: 'chat:read',
    limit: 'chat-history',
    takesTurns: true,
  }),
  /** One page of a room's messages. */
  history: command({
    input: HistoryInput,
    data: HistoryPage,
    http: 'GET /api/chat/messages',
    permission: 'chat:read',
    limit: 'chat-history',
    errors: ['NOT_FOUND'],
    takesTurns: true,
  }),
  ...groupQueries,
  ...reactionQueries,
  ...blockQueries,
  ...searchQueries,
})

/** Events of the namespace `/chat`, server to client. */
export const chatEvents = {
  /** Each member gets the room as they see it. */
  roomData: event(RoomData, "the person's sockets"),
  /** A new message; its sender hears it as well. */
  receiveMessage: event(ChatMessage, "the room's members"),
  /** One that was sent before has a new `rev`: it was edited or deleted, or somebody reacted to it. */
  messageUpdated: event(ChatMessage, "the room's members"),
  /** Not to who types. */
  typing: event(Typing, "the room's members"),
  /** Of a room with more than 100 members only the reader's own sockets hear. */
  messagesRead: event(MessagesRead, "the room's members"),
  /** What is said of the room changed; each member gets it as they see it. */
  roomUpdated: event(Room, "the person's sockets"),
  /** One is no longer in it, and hears nothing of it any more. */
  roomRemoved: event(RoomRemoved, "the person's sockets"),
  /** One has blocked somebody, or unblocked them: oneself alone hears of it. */
  blockUpdated: event(Block, "the person's sockets"),
}
export type ChatEvents = typeof chatEvents
