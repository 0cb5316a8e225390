import type { ActiveUser, ActiveUsersStore } from '@/services/presence/ports'

/** How long it is remembered that somebody left, in milliseconds: longer than `lastSeen` is believed. */
const REMEMBER_MS = 60_000

/** The connections of this process, forgotten with it. Of other processes it knows nothing. */
export class InMemoryActiveUsersStore implements ActiveUsersStore {
  readonly isComplete = false
  /** By user, each connection with whether the person is away from it. */
  private readonly users = new Map<string, Map<string, boolean>>()
  /** When those who have no connection any more left; the oldest first. */
  private readonly departures = new Map<string, Date>()

  async addUser(userId: string, connectionId: string): Promise<void> {
    this.departures.delete(userId)
    const own = this.users.get(userId)
    if (own) own.set(connectionId, false)
    else this.users.set(userId, new Map([[connectionId, false]]))
  }

  async removeUser(userId: string, connectionId: string): Promise<'here' | 'nowhere'> {
    const own = this.users.get(userId)
    own?.delete(connectionId)
    if (own && own.size > 0) return 'here'
    this.users.delete(userId)
    this.departures.delete(userId)
    this.departures.set(userId, new Date())
    this.forgetOldDepartures()
    return 'nowhere'
  }

  async setAway(userId: string, connectionId: string, away: boolean): Promise<void> {
    const own = this.users.get(userId)
    if (own?.has(connectionId)) own.set(connectionId, away)
  }

  async getUser(userId: string): Promise<ActiveUser | null> {
    const own = this.users.get(userId)
    return own ? { connections: [...own.keys()], away: [...own.values()].every((away) => away) } : null
  }

  async getUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, ActiveUser>> {
    const found = await Promise.all(userIds.map(async (id) => [id, await this.getUser(id)] as const))
    return new Map(found.flatMap(([id, user]) => (user ? [[id, user] as const] : [])))
  }

  async getAllUsers(): Promise<string[]> {
    return [...this.users.keys()]
  }

  async isOnline(userId: string): Promise<boolean> {
    return this.users.has(userId)
  }

  leftAt(userId: string): Date | undefined {
    return this.departures.get(userId)
  }

  /** Every connection with whether the person is away from it, by user. */
  entries(): IterableIterator<[userId: string, connections: ReadonlyMap<string, boolean>]> {
    return this.users.entries()
  }

  private forgetOldDepartures(): void {
    const before = Date.now() - REMEMBER_MS
    for (const [userId, left] of this.departures) {
      if (left.getTime() > before) return
      this.departures.delete(userId)
    }
  }
}
