import type { Presence } from '@/contracts/presence'

/** Who is here. `lastSeen` of the argument is what the database says, and the fallback. */
export interface PresenceReader {
  of(people: readonly LastSeen[]): Promise<ReadonlyMap<string, Presence>>
}

/** When somebody was last here. */
export interface LastSeen {
  id: string
  /** ISO 8601. */
  lastSeen: string
}

/** When people were last here, and who may be told of whom. */
export interface LastSeenRepository {
  /** One statement for all; a `lastSeen` never goes back. */
  touch(seen: ReadonlyMap<string, Date>): Promise<void>
  /** Of these people, those that exist. */
  lastSeenOf(userIds: readonly string[]): Promise<LastSeen[]>
  /**
   * People of whom this one is told when they are here (they share a group, or a direct room in which both have written, and
   * have not blocked this one), of `among` if given; at most `limit`, who was seen last first.
   */
  peersOf(userId: string, limit: number, among?: readonly string[]): Promise<LastSeen[]>
  /** The ids of those who are told of this one, and so hold `presence:read`; who was seen last first. */
  audienceOf(userId: string): Promise<string[]>
  /** Whether the reader is told of this one, which says nothing about the other way round. */
  isTold(readerId: string, userId: string): Promise<boolean>
}

/** Somebody who is here. */
export interface ActiveUser {
  connections: string[]
  /** Every connection says so. */
  away: boolean
}

/** Somebody whose last connection ended, as far as is known. */
export interface DepartedUser {
  leftAt: Date
}

/** Which users have a connection right now (requirements 001, stage 2). */
export interface ActiveUsersStore {
  addUser(userId: string, connectionId: string): Promise<void>
  /**
   * Forgets this connection; resolves to where the user has another one. With `keepMs`, one that was the user's last is
   * kept for so long: they may be on the way back.
   */
  removeUser(userId: string, connectionId: string, keepMs?: number): Promise<'here' | 'elsewhere' | 'nowhere'>
  /** Notes whether the person is away from this connection (tab hidden, or idle). Unknown connections are ignored. */
  setAway(userId: string, connectionId: string, away: boolean): Promise<void>
  getUser(userId: string): Promise<ActiveUser | null>
  /** Of these people, what is known; one question for all. Of somebody left out, nothing is: `lastSeen` decides. */
  getUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, ActiveUser | DepartedUser>>
  getAllUsers(): Promise<string[]>
  isOnline(userId: string): Promise<boolean>
  /** Whether this process itself holds a connection of theirs. */
  holds(userId: string): boolean
}
