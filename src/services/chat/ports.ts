import type { BlockedPage } from '@/contracts/blocks'
import type {
  ChatMessage,
  Head,
  HistoryInput,
  HistoryPage,
  MessagesRead,
  Participant,
  Room,
  RoomData,
  RoomsPage,
  SyncRoom,
} from '@/contracts/chat'
import type { GroupRole } from '@/contracts/chatShapes'
import type { RoomPreferencesInput } from '@/contracts/groups'
import type { MessageDetails } from '@/contracts/messageDetails'
import type { ReactionsPage } from '@/contracts/reactions'
import type { SearchPage } from '@/contracts/search'
import type { NotificationChange } from '@/services/shared/changes'

/** Why somebody may not write in a direct room: they have blocked the other one, or the other one has blocked them. */
export type Barred = 'blocking' | 'blocked'

/** A message before it has a place in its room. */
export interface NewMessage {
  id: string
  roomId: string
  senderId: string
  clientId: string
  message: string
  /** The message of the same room that it answers. */
  replyToId?: string | undefined
  /** Whom it names, in order and without doubles. */
  mentions?: readonly string[] | undefined
}

/** What became of one message of a batch; an AppError concerns this message alone. */
export type InsertOutcome =
  | {
      outcome: 'new' | 'duplicate'
      message: ChatMessage
      /** Who had written before, when by this message both have written in their direct room. */
      met?: string | undefined
      /** What came of it for those whom it names. */
      told?: readonly NotificationChange[]
    }
  /** `no_original`: what it answers is not in the room, or was deleted. */
  | { outcome: 'conflict' | 'not_found' | 'no_original' | Barred }
  | { outcome: 'failed'; error: Error }

/** `text` null: delete it. */
export interface MessageEdit {
  messageId: string
  text: string | null
  /** Whom it names from now on, as of a new one; undefined: the same as before. */
  mentions?: readonly string[] | undefined
  /** The same one of this person again does nothing. */
  clientId: string | undefined
}

/** What became of an edit, a deletion or a reaction. */
export type EditOutcome =
  /** `changed` is false where it was so already, or carried out before. */
  | { outcome: 'done'; message: ChatMessage; changed: boolean; told: readonly NotificationChange[] }
  | { outcome: 'not_found' | 'forbidden' | 'deleted' | 'conflict' | 'full' | Barred }

/** One's own emoji at a message, on or off. */
export interface ReactionChange {
  messageId: string
  emoji: string
  on: boolean
  /** As of an edit. */
  clientId: string | undefined
}

/** Which page of a message's reactions; without a cursor the first. */
export interface ReactionsQuery {
  messageId: string
  cursor?: string | undefined
}

/** What a client has of a room. */
export interface RoomPosition {
  lastRev: number
  /** Absent: the client does not follow read positions. */
  readRev: number | undefined
}

/** Messages, their changes and reactions. */
export interface MessageRepository {
  /** Commits the batch in one transaction; outcomes come in the batch's order. Rejects only when nothing was stored. */
  insert(batch: readonly NewMessage[]): Promise<InsertOutcome[]>
  /** Edits or deletes one message; the later of two changes holds. */
  change(userId: string, edit: MessageEdit): Promise<EditOutcome>
  /** `full`: the message has as many different emojis as it may. */
  react(userId: string, reaction: ReactionChange): Promise<EditOutcome>
  /** Who reacted, by emoji; null when there is no such message, or not a member of its room. */
  reactions(asking: string, query: ReactionsQuery): Promise<ReactionsPage | null>
  /** What these messages do not say themselves; of nobody when none of them is there, or not a member. */
  details(asking: string, roomId: string, seqs: readonly number[]): Promise<MessageDetails>
  /** One page of a room; null when not a member. */
  history(userId: string, query: HistoryInput): Promise<HistoryPage | null>
  /** Everything changed beyond each position, read from one snapshot a room. */
  changesSince(userId: string, positions: ReadonlyMap<string, RoomPosition>): Promise<Record<string, SyncRoom>>
}

/** What to look for, in one room or in all of one's own. */
export interface SearchQuery {
  /** At least one, as `searchWords` gives them; of the last one the beginning. */
  words: readonly string[]
  roomId?: string | undefined
  cursor?: string | undefined
}

/** Finds messages by their words. */
export interface SearchRepository {
  /** Messages of this person's rooms, newest first. */
  find(userId: string, query: SearchQuery): Promise<SearchPage>
}

/** What the search looks for, as it is written down. */
export interface SearchIndex {
  /**
   * Writes down the words of some messages: those of these rooms that are not there yet, and those that were edited.
   * `unfinished`: the rooms of which there may be more. Null: it is another process's turn.
   */
  advance(roomIds: readonly string[]): Promise<{ unfinished: string[]; hasMoreEdits: boolean } | null>
  /** Of the next rooms after this one (of all rooms in order) those whose messages are not all there; `last` null: no more. */
  behind(after: string): Promise<{ roomIds: string[]; last: string | null }>
}

/** The room of two people, as it was found or made. */
export interface DirectRoom {
  roomId: string
  /** It is new, or the other person was brought back into it. */
  created: boolean
}

/** `isHidden`: one is told nothing of when they are here. */
export type RoomMember = Participant & { isHidden: boolean }

/** What reading up to some place changed, and who is to hear of it. */
export interface ReadOutcome {
  read: MessagesRead
  /** False when the position was there already. */
  changed: boolean
  /** Only the reader hears of it: very many are in the room, or they have blocked the other one. */
  toReader: boolean
  /** Of what named them and is read now: these are read too. */
  notificationIds: readonly string[]
}

/** Rooms, who is in them, and how far they have read. */
export interface RoomRepository {
  /**
   * `nobody`: the other person does not exist. `removed`: there is such a room, and the asking person was taken out of it.
   * A Barred: there is no such room, and none is made.
   */
  getOrCreateDirect(userId: string, participantId: string): Promise<DirectRoom | 'nobody' | 'removed' | Barred>
  /** The room as this member sees it, with the newest messages; null when not a member. */
  load(userId: string, roomId: string): Promise<(RoomData & { participants: RoomMember[] }) | null>
  /** The same for many members at once, those left out who are not; each is asked for once. */
  loadFor(roomId: string, userIds: readonly string[]): Promise<Map<string, RoomData & { participants: RoomMember[] }>>
  list(userId: string, cursor: string | undefined): Promise<RoomsPage>
  /** Everybody in the room, and of whom this member is told no presence; `isOnline` is not known here. */
  participants(userId: string, roomId: string): Promise<RoomMember[]>
  /** How many members a group has (0: it is a room of two), and whether this one may write there; null when they are none. */
  membership(userId: string, roomId: string): Promise<{ size: number; barred: Barred | null } | null>
  /** Of these rooms, those the user is a member of. */
  roomIdsOf(userId: string, among: readonly string[]): Promise<string[]>
  /** All rooms of each of these people; of whom has none there is no entry. */
  roomIdsOfEach(userIds: readonly string[]): Promise<Map<string, string[]>>
  /** Null when not a member. */
  markRead(userId: string, roomId: string, upToSeq: number | undefined): Promise<ReadOutcome | null>
  /** The database's clock, the counters of the user's notifications, and the heads of the rooms asked for. */
  heads(userId: string, rooms: HeadsQuery): Promise<UserHeads>
}

/** Who has blocked whom. */
export interface BlockRepository {
  /** In one transaction, which locks the direct room of the two. `roomId`: that room, which now looks otherwise to the first. */
  set(
    userId: string,
    otherId: string,
    blocked: boolean,
  ): Promise<{ changed: boolean; roomId: string | null } | 'nobody' | 'full'>
  list(userId: string, cursor: string | undefined): Promise<BlockedPage>
}

/**
 * Why nothing was done; `nobody`: somebody of that id does not exist; `unwilling`: somebody has blocked who would bring them
 * in.
 */
export type GroupRefusal = 'not_found' | 'not_a_group' | 'forbidden' | 'full' | 'nobody' | 'last_owner' | 'unwilling'

/** `posted`: the system messages that say what was done; none when it was so already. */
export type GroupOutcome<Done = unknown> =
  | ({ outcome: 'done'; posted: ChatMessage[] } & Done)
  | { outcome: GroupRefusal }

/** What members do to their groups: each in one transaction, which locks the room. */
export interface GroupRepository {
  /** `created` is false when this maker's `clientId` was used before. */
  create(
    makerId: string,
    group: { clientId: string; name: string; userIds: readonly string[] },
  ): Promise<GroupOutcome<{ roomId: string; created: boolean }>>
  /** What is undefined stays; a picture that is null is taken away. */
  update(
    actorId: string,
    roomId: string,
    change: { name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<GroupOutcome>
  /** `arrived`: those who were not in it. */
  add(actorId: string, roomId: string, userIds: readonly string[]): Promise<GroupOutcome<{ arrived: string[] }>>
  remove(actorId: string, roomId: string, userId: string): Promise<GroupOutcome>
  setRole(actorId: string, roomId: string, userId: string, role: GroupRole): Promise<GroupOutcome>
  /** False when not a member. */
  setPreferences(userId: string, roomId: string, preferences: Omit<RoomPreferencesInput, 'roomId'>): Promise<boolean>
  /** The room as each of these people sees it, those left out who are not members. */
  viewsOf(roomId: string, userIds: readonly string[]): Promise<Map<string, Room>>
  /** Of these people those who are members. */
  members(userId: string, roomId: string, among: readonly string[]): Promise<RoomMember[]>
  /** A page of everybody, in the order in which they came; null when not a member. */
  membersPage(
    userId: string,
    roomId: string,
    cursor: string | undefined,
  ): Promise<{ members: RoomMember[]; nextCursor: string | null } | null>
}

/** Which rooms' heads are read: of no room, of all that changed since a time, or a page of these. */
export type HeadsQuery =
  | 'none'
  | {
      /** Absent: however long ago they changed. */
      since: Date | undefined
      /** The first page is `first`; a cursor holds `since` of the first. Absent: all at once. */
      page?: 'first' | { cursor: string } | undefined
    }

/** How far a person's rooms and notifications are, by the database. */
export interface UserHeads {
  /** When the heads were read; of several pages, the first. */
  asOf: Date
  rooms: Record<string, Head>
  /** Rooms they were in and are no more. */
  gone?: string[]
  notifications: { version: number; unread: number }
  /** Absent: there are no more. */
  nextCursor?: string
}
