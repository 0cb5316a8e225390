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

/** Somebody who is here. */
export interface ActiveUser {
  connections: string[]
  /** Every connection says so. */
  away: boolean
}

/** Which users have a connection right now (requirements 001, stage 2). */
export interface ActiveUsersStore {
  /** Whether it knows of every process: then somebody it does not know is not here. */
  readonly isComplete: boolean
  addUser(userId: string, connectionId: string): Promise<void>
  /** Forgets this connection; resolves to where the user has another one. */
  removeUser(userId: string, connectionId: string): Promise<'here' | 'elsewhere' | 'nowhere'>
  /** Notes whether the person is away from this connection (tab hidden, or idle). Unknown connections are ignored. */
  setAway(userId: string, connectionId: string, away: boolean): Promise<void>
  getUser(userId: string): Promise<ActiveUser | null>
  /** Of these people, those who are here; one question for all. */
  getUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, ActiveUser>>
  getAllUsers(): Promise<string[]>
  isOnline(userId: string): Promise<boolean>
  /** When the last connection of this person to this process ended; undefined when that is long ago, or never was. */
  leftAt(userId: string): Date | undefined
}

/** Told when somebody's presence changed; best effort, and never throws. */
export interface PresencePublisher {
  changed(update: PresenceMap, audience: readonly string[]): void
}
