import type { ActiveUsersStore } from '@/services/presence/ports'

/** The connections of this process, forgotten with it. */
export class InMemoryActiveUsersStore implements ActiveUsersStore {
  /** By user, each connection with whether the person is away from it. */
  private readonly users = new Map<string, Map<string, boolean>>()

  async addUser(userId: string, connectionId: string): Promise<void> {
    const own = this.users.get(userId)
    if (own) own.set(connectionId, false)
    else this.users.set(userId, new Map([[connectionId, false]]))
  }

  async removeUser(userId: string, connectionId: string): Promise<boolean> {
    const own = this.users.get(userId)
    if (!own?.delete(connectionId) || own.size > 0) return false
    this.users.delete(userId)
    return true
  }

  async setAway(userId: string, connectionId: string, away: boolean): Promise<void> {
    const own = this.users.get(userId)
    if (own?.has(connectionId)) own.set(connectionId, away)
  }

  async getUser(userId: string): Promise<{ connections: string[]; away: boolean } | null> {
    const own = this.users.get(userId)
    return own ? { connections: [...own.keys()], away: [...own.values()].every((away) => away) } : null
  }

  async getAllUsers(): Promise<string[]> {
    return [...this.users.keys()]
  }

  async isOnline(userId: string): Promise<boolean> {
    return this.users.has(userId)
  }
}
