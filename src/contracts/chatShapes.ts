import { z } from 'zod'
import { Counter, Id, Timestamp } from './primitives'

export const systemTypes = ['created', 'renamed', 'pictured', 'added', 'removed', 'left', 'role'] as const

/** What happened to a group, by the message's sender. */
export const SystemChange = z.object({
  type: z.enum(systemTypes),
  /** Whom it concerns. */
  userIds: z.array(Id).optional(),
  /** The group's new name; of `role` the new role. */
  name: z.string().optional(),
})
export type SystemChange = z.infer<typeof SystemChange>

/** `userIds`: the first 20 of those who reacted so. */
export const Reaction = z.object({ emoji: z.string(), count: Counter, userIds: z.array(Id) })
export type Reaction = z.infer<typeof Reaction>

/** What a message answers, as it is now: `excerpt` is one line of it, at most 120 characters, blank once it was deleted. */
export const Quote = z.object({
  id: Id,
  /** Its place in the same room. */
  seq: Counter,
  senderId: Id,
  excerpt: z.string(),
})
export type Quote = z.infer<typeof Quote>

export const ChatMessage = z.object({
  id: Id,
  roomId: Id,
  /** Place in the room's order. */
  seq: Counter,
  /** The room's `lastRev` when this message last changed. */
  rev: Counter,
  senderId: Id,
  /** Made by the sender's page; with `senderId` the identity of a send, however often and by whichever way it arrives. */
  clientId: Id,
  message: z.string(),
  createdAt: Timestamp,
  editedAt: Timestamp.optional(),
  deletedAt: Timestamp.optional(),
  replyTo: Quote.optional(),
  /** Members of the group whom it names. */
  mentions: z.array(Id).optional(),
  /** In the order of first use. */
  reactions: z.array(Reaction).optional(),
  /** It tells of a change of the group; `message` says the same in English. */
  kind: z.literal('system').optional(),
  system: SystemChange.optional(),
})
export type ChatMessage = z.infer<typeof ChatMessage>

export const groupRoles = ['owner', 'admin', 'member'] as const
export const GroupRole = z.enum(groupRoles, { error: `role is one of ${groupRoles.join(', ')}.` })
export type GroupRole = z.infer<typeof GroupRole>

export const Room = z.object({
  id: Id,
  kind: z.enum(['direct', 'group']),
  /** A direct room's name is the other person's. */
  name: z.string().optional(),
  /** A direct room's other person; absent in a group. */
  partnerId: Id.optional(),
  avatarImage: z.string().optional(),
  /** What the asking person is in it; absent in a direct room. */
  role: GroupRole.optional(),
  memberCount: Counter,
  lastSeq: Counter,
  lastRev: Counter,
  readRev: Counter,
  /** How far the asking person has read. */
  lastReadSeq: Counter,
  unread: Counter,
  /** How many unread messages name the asking person. */
  unreadMentions: Counter.default(0),
  /** Until then the asking person wants no alerts of it. */
  mutedUntil: Timestamp.optional(),
  /** Since when they have it above the others. */
  pinnedAt: Timestamp.optional(),
  /** The asking person has blocked the other one: neither can write here. Nobody is told that they were blocked. */
  blocked: z.literal(true).optional(),
  lastMessage: ChatMessage.optional(),
  updatedAt: Timestamp,
})
export type Room = z.infer<typeof Room>

export const Participant = z.object({
  id: Id,
  name: z.string(),
  avatarImage: z.string().optional(),
  /** Of a direct room's people: member. */
  role: GroupRole,
  lastReadSeq: Counter,
  /** False, and `lastSeen` NEVER_SEEN, of somebody whose presence one is not told. */
  isOnline: z.boolean(),
  lastSeen: Timestamp,
})
export type Participant = z.infer<typeof Participant>

/**
 * A room as its member sees it: the newest messages, ascending by `seq`, and at most 100 participants: oneself, who wrote
 * these messages, then who came first.
 */
export const RoomData = z.object({
  room: Room,
  messages: z.array(ChatMessage),
  participants: z.array(Participant),
})
export type RoomData = z.infer<typeof RoomData>
