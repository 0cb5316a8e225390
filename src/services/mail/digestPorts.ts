import type { Notification } from '@/contracts/notifications'

/** Somebody whose digest is looked at. */
export interface DigestPerson {
  id: string
  /** Nobody else looks at them before. */
  claimedUntil: Date
  email: string
  name: string
  /** ISO 8601. */
  lastSeen: string
  /** Nobody is written to there: the account is disabled, or of the demo, or nobody has shown that the address is theirs. */
  isClosed: boolean
  /** The last digest. */
  sentAt: Date | null
  /** Notifications that were made up to then were told. */
  toldAt: Date
  /** Ends their digests. Letters, digits and `-`. */
  token: string
}

/** A room with something in it that is neither read nor told. */
export interface UnreadRoom {
  roomId: string
  kind: 'direct' | 'group'
  /** Of the group, or of the other person. */
  name: string
  mutedUntil: string | undefined
  lastSeq: number
  /** Of the first such message. */
  oldestAt: Date
  /** At most 100. */
  unread: number
  /** Some of them, the last one last. */
  newest: { name: string; text: string }[]
}

/** An unread notification, as far as a digest shows it. */
export interface UnreadNotification extends Pick<Notification, 'title' | 'message' | 'type' | 'link' | 'topic'> {
  createdAt: Date
}

/** What somebody has not read, and no digest told. */
export interface Unread {
  /** The latest first, as the next. */
  rooms: UnreadRoom[]
  notifications: UnreadNotification[]
}

/** What is noted of somebody once their digest was decided. */
export interface DigestNote {
  /** When to look again; null: not until they choose otherwise. */
  lookAt: Date | null
  isSent?: boolean
  /** What no later digest tells. */
  told?: { rooms: Pick<UnreadRoom, 'roomId' | 'lastSeq'>[]; notificationsUntil: Date | undefined } | undefined
}

/** Whose digest is due, and what there is to tell them. */
export interface DigestRepository {
  /**
   * Somebody whose time to be looked at has come, the one whose turn it is longest; null: nobody. Should nothing be noted of
   * them, their time comes again in a quarter of an hour.
   */
  claim(): Promise<DigestPerson | null>
  unread(person: Pick<DigestPerson, 'id' | 'toldAt'>): Promise<Unread>
  /** What they have chosen since they were claimed stays: it says when to look. */
  note(person: Pick<DigestPerson, 'id' | 'claimedUntil'>, note: DigestNote): Promise<void>
}
