import type {
  ChatMessage,
  Head,
  HistoryPage,
  MessagesRead,
  Participant,
  RoomData,
  RoomsPage,
  SyncRoom,
} from '@/contracts/chat'

/** A message before it has a place in its room. */
export interface NewMessage {
  id: string
  roomId: string
  senderId: string
  clientId: string
  message: string
}

/** What became of one message of a batch; an AppError concerns this message alone. */
export type InsertOutcome =
  | {
      outcome: 'new' | 'duplicate'
      message: ChatMessage
      /** Who had written before, when by this message both have written in their direct room. */
      met?: string | undefined
    }
  | { outcome: 'conflict' | 'not_found' }
  | { outcome: 'failed'; error: Error }

export interface RoomPosition {
  lastRev: number
  /** Absent: the client does not follow read positions. */
  readRev: number | undefined
}

export interface MessageRepository {
  /** Commits the batch in one transaction; outcomes come in the batch's order. Rejects only when nothing was stored. */
  insert(batch: readonly NewMessage[]): Promise<InsertOutcome[]>
  /** The newest page before `beforeSeq`, ascending; null when not a member. */
  history(userId: string, roomId: string, beforeSeq: number | undefined, limit: number): Promise<HistoryPage | null>
  /** Everything changed beyond each position, read from one snapshot a room. */
  changesSince(userId: string, positions: ReadonlyMap<string, RoomPosition>): Promise<Record<string, SyncRoom>>
}

export interface DirectRoom {
  roomId: string
  /** It is new, or the other person was brought back into it. */
  created: boolean
}

/** `isHidden`: one is told nothing of when they are here. */
export type RoomMember = Participant & { isHidden: boolean }

export interface RoomRepository {
  /** `nobody`: the other person does not exist. `removed`: there is such a room, and the asking person was taken out of it. */
  getOrCreateDirect(userId: string, participantId: string): Promise<DirectRoom | 'nobody' | 'removed'>
  /** The room as this member sees it, with the newest messages; null when not a member. */
  load(userId: string, roomId: string): Promise<(RoomData & { participants: RoomMember[] }) | null>
  list(userId: string, cursor: string | undefined): Promise<RoomsPage>
  /** Everybody in the room, and of whom this member is told no presence; `isOnline` is not known here. */
  participants(userId: string, roomId: string): Promise<RoomMember[]>
  /** Of these rooms (absent: of all), those the user is a member of. */
  roomIdsOf(userId: string, among?: readonly string[]): Promise<string[]>
  /** Null when not a member. `changed` is false when the position was there already. */
  markRead(
    userId: string,
    roomId: string,
    upToSeq: number | undefined,
  ): Promise<{ read: MessagesRead; changed: boolean } | null>
  /** False when they were not a member. */
  removeParticipant(roomId: string, userId: string): Promise<boolean>
  /** The database's clock, the counters of the user's notifications, and the heads of the rooms asked for. */
  heads(userId: string, rooms: HeadsQuery): Promise<UserHeads>
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

export interface UserHeads {
  /** When the heads were read; of several pages, the first. */
  asOf: Date
  rooms: Record<string, Head>
  notifications: { version: number; unread: number }
  /** Absent: there are no more. */
  nextCursor?: string
}
