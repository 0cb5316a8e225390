import type { Presence, PresenceMap } from '@/contracts/presence'

/** Who is here. `lastSeen` of the argument is what the database says, and the fallback. */
export interface PresenceReader {
  of(people: readonly LastSeen[]): Promise<ReadonlyMap<string, Presence>>
}

export interface LastSeen {
  id: string
  /** ISO 8601. */
  lastSeen: string
}

export interface LastSeenRepository {
  /** One statement for all; a `lastSeen` never goes back. */
  touch(seen: ReadonlyMap<string, Date>): Promise<void>
  /** Of these people, those that exist. */
  lastSeenOf(userIds: readonly string[]): Promise<LastSeen[]>
  /** People this one shares a room with, of `among` if given; at most `limit`. */
  peersOf(userId: string, limit: number, among?: readonly string[]): Promise<LastSeen[]>
}

/** Which users have a connection right now (requirements 001, stage 2). */
export interface ActiveUsersStore {
  addUser(userId: string, connectionId: string): Promise<void>
  /** Forgets this connection; resolves to whether the user has none left. */
  removeUser(userId: string, connectionId: string): Promise<boolean>
  /** Notes whether the person is away from this connection (tab hidden, or idle). Unknown connections are ignored. */
  setAway(userId: string, connectionId: string, away: boolean): Promise<void>
  /** `away` when every connection says so. */
  getUser(userId: string): Promise<{ connections: string[]; away: boolean } | null>
  getAllUsers(): Promise<string[]>
  isOnline(userId: string): Promise<boolean>
}

/** Told when somebody's presence changed; best effort, and never throws. */
export interface PresencePublisher {
  changed(update: PresenceMap, audience: readonly string[]): void
}
