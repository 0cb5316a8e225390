import type { ActiveUsersStore } from '@/services/presence/ports'

/** The connections of this process, forgotten with it. */
export class InMemoryActiveUsersStore implements ActiveUsersStore {
  private readonly connections = new Map<string, Set<string>>()

  async addUser(userId: string, connectionId: string): Promise<void> {
    const own = this.connections.get(userId)
    if (own) own.add(connectionId)
    else this.connections.set(userId, new Set([connectionId]))
  }

  async removeUser(userId: string, connectionId: string): Promise<boolean> {
    const own = this.connections.get(userId)
    if (!own?.delete(connectionId)) return false
    if (own.size > 0) return false
    this.connections.delete(userId)
    return true
  }

  async getUser(userId: string): Promise<{ connections: string[] } | null> {
    const own = this.connections.get(userId)
    return own ? { connections: [...own] } : null
  }

  async getAllUsers(): Promise<string[]> {
    return [...this.connections.keys()]
  }

  async isOnline(userId: string): Promise<boolean> {
    return this.connections.has(userId)
  }
}
