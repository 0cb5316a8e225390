import type { ActiveUser, ActiveUsersStore, DepartedUser } from '@/services/presence/ports'

/** How long it is remembered that somebody left, in milliseconds: longer than `lastSeen` is believed. */
const REMEMBER_MS = 60_000

/** The connections of this process, forgotten with it. Of other processes it knows nothing. */
export class InMemoryActiveUsersStore implements ActiveUsersStore {
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
    if (own?.delete(connectionId) === false || (own && own.size > 0)) return 'here'
    if (!own) return 'nowhere' // it was forgotten before
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

  async getUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, ActiveUser | DepartedUser>> {
    const known = new Map<string, ActiveUser | DepartedUser>()
    for (const userId of userIds) {
      const user = await this.getUser(userId)
      const leftAt = this.departures.get(userId)
      if (user) known.set(userId, user)
      else if (leftAt) known.set(userId, { leftAt })
    }
    return known
  }

  async getAllUsers(): Promise<string[]> {
    return [...this.users.keys()]
  }

  async isOnline(userId: string): Promise<boolean> {
    return this.users.has(userId)
  }

  holds(userId: string): boolean {
    return this.users.has(userId)
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
