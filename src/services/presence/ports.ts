import type { Presence } from '@/contracts/presence'

/** Who is here. `lastSeen` of the argument is what the database says, and the fallback. */
export interface PresenceReader {
  of(people: readonly { id: string; lastSeen: string }[]): Promise<ReadonlyMap<string, Presence>>
}

export interface LastSeenRepository {
  /** One statement for all; a `lastSeen` never goes back. */
  touch(seen: ReadonlyMap<string, Date>): Promise<void>
}

/** Which users have a connection right now (requirements 001, stage 2). */
export interface ActiveUsersStore {
  addUser(userId: string, connectionId: string): Promise<void>
  /** Forgets this connection; resolves to whether the user has none left. */
  removeUser(userId: string, connectionId: string): Promise<boolean>
  getUser(userId: string): Promise<{ connections: string[] } | null>
  getAllUsers(): Promise<string[]>
  isOnline(userId: string): Promise<boolean>
}
