import * as z from 'zod/mini'
import { Counter, Id, Timestamp } from './primitives'

/**
 * What can happen to a group: made, given another name or picture, somebody brought in, taken out or gone, another
 * role.
 */
export const systemTypes = ['created', 'renamed', 'pictured', 'added', 'removed', 'left', 'role'] as const

/** What happened to a group, by the message's sender. */
export const SystemChange = z.object({
  type: z.enum(systemTypes),
  /** Whom it concerns. */
  userIds: z.optional(z.array(Id)),
  /** The group's new name; of `role` the new role. */
  name: z.optional(z.string()),
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

/** A message as everybody in its room sees it. One that was deleted keeps its place, with a blank `message`. */
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
  editedAt: z.optional(Timestamp),
  deletedAt: z.optional(Timestamp),
  replyTo: z.optional(Quote),
  /** Members of the group whom it names. */
  mentions: z.optional(z.array(Id)),
  /** In the order of first use. */
  reactions: z.optional(z.array(Reaction)),
  /** It tells of a change of the group; `message` says the same in English. */
  kind: z.optional(z.literal('system')),
  system: z.optional(SystemChange),
})
export type ChatMessage = z.infer<typeof ChatMessage>

/** What somebody is in a group: owners decide on roles, owners and admins on people, name and picture. */
export const groupRoles = ['owner', 'admin', 'member'] as const
/** One of `groupRoles`. */
export const GroupRole = z.enum(groupRoles, { error: `role is one of ${groupRoles.join(', ')}.` })
export type GroupRole = z.infer<typeof GroupRole>

/** A conversation as one of its people sees it: the counters of all, and their own. */
export const Room = z.object({
  id: Id,
  kind: z.enum(['direct', 'group']),
  /** A direct room's name is the other person's. */
  name: z.optional(z.string()),
  /** A direct room's other person; absent in a group. */
  partnerId: z.optional(Id),
  avatarImage: z.optional(z.string()),
  /** What the asking person is in it; absent in a direct room. */
  role: z.optional(GroupRole),
  memberCount: Counter,
  lastSeq: Counter,
  lastRev: Counter,
  readRev: Counter,
  /** How far the asking person has read. */
  lastReadSeq: Counter,
  unread: Counter,
  /** How many unread messages name the asking person. */
  unreadMentions: z._default(Counter, 0),
  /** Until then the asking person wants no alerts of it. */
  mutedUntil: z.optional(Timestamp),
  /** Since when they have it above the others. */
  pinnedAt: z.optional(Timestamp),
  /** The asking person has blocked the other one: neither can write here. Nobody is told that they were blocked. */
  blocked: z.optional(z.literal(true)),
  lastMessage: z.optional(ChatMessage),
  updatedAt: Timestamp,
})
export type Room = z.infer<typeof Room>

/** Somebody in a room, with how far they have read and whether they are there, as far as one is told. */
export const Participant = z.object({
  id: Id,
  name: z.string(),
  avatarImage: z.optional(z.string()),
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
