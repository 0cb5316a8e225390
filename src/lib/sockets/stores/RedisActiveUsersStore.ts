import type { PresenceLeases } from '@/lib/redis/presenceLeases'
import type { ActiveUser, ActiveUsersStore } from '@/services/presence/ports'
import type { Logger } from '@/services/shared/Logger'
import type { InMemoryActiveUsersStore } from './InMemoryActiveUsersStore'

export interface RedisActiveUsersStoreDeps {
  leases: PresenceLeases
  /** The connections of this process; all there is while Redis is down. */
  own: InMemoryActiveUsersStore
  isUp: () => boolean
  /** The leases of people whose process died have run out. */
  onExpired: (userIds: readonly string[]) => void
  logger: Logger
}

/** A lease and how often it is renewed, in milliseconds (CONTRACT, *Bounds*). */
const LEASE_MS = 45_000
const RENEW_MS = 15_000
/** How long people are waited for elsewhere when their process stops, in milliseconds. */
const MOVE_MS = 10_000
/** Users whose leases are renewed at the same time. */
const AT_ONCE = 200

/**
 * The connections of all processes, by leases in Redis that the process which holds a connection renews. While Redis is
 * down it answers from memory, and says that this is not everybody (`isComplete`).
 */
export class RedisActiveUsersStore implements ActiveUsersStore {
  private timer: ReturnType<typeof setTimeout> | undefined
  private isLeaving = false

  constructor(private readonly deps: RedisActiveUsersStoreDeps) {}

  get isComplete(): boolean {
    return this.deps.isUp()
  }

  /** Renews the leases from now on. */
  keepAlive(): void {
    if (this.isLeaving) return
    this.timer = setTimeout(() => void this.renew().finally(() => this.keepAlive()), RENEW_MS)
  }

  /** The process stops: its leases last only as long as its people need to reach another process. */
  async leave(): Promise<void> {
    this.isLeaving = true
    clearTimeout(this.timer)
    await this.putAll(MOVE_MS)
  }

  /** Makes the leases of all connections anew; what ran out meanwhile is told. Never rejects. */
  async renew(): Promise<void> {
    await this.putAll(LEASE_MS)
    const expired = await this.ask((leases) => leases.expire(), [])
    if (expired.length > 0) this.deps.onExpired(expired)
  }

  async addUser(userId: string, connectionId: string): Promise<void> {
    await this.deps.own.addUser(userId, connectionId)
    await this.ask((leases) => leases.put(userId, [[connectionId, false]], LEASE_MS), undefined)
  }

  async removeUser(userId: string, connectionId: string): Promise<'here' | 'elsewhere' | 'nowhere'> {
    const remaining = await this.deps.own.removeUser(userId, connectionId)
    const hasLease = await this.ask((leases) => leases.drop(userId, connectionId), false)
    return remaining === 'nowhere' && hasLease ? 'elsewhere' : remaining
  }

  async setAway(userId: string, connectionId: string, away: boolean): Promise<void> {
    const user = await this.deps.own.getUser(userId)
    if (!user?.connections.includes(connectionId)) return // it ended meanwhile: a lease would be a ghost
    await this.deps.own.setAway(userId, connectionId, away)
    await this.ask((leases) => leases.put(userId, [[connectionId, away]], LEASE_MS), undefined)
  }

  async getUser(userId: string): Promise<ActiveUser | null> {
    return (await this.getUsers([userId])).get(userId) ?? null
  }

  async getUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, ActiveUser>> {
    const own = await this.deps.own.getUsers(userIds)
    const everywhere = await this.ask((leases) => leases.read(userIds), new Map<string, ActiveUser>())
    return new Map([...own, ...everywhere])
  }

  async getAllUsers(): Promise<string[]> {
    const own = await this.deps.own.getAllUsers()
    return [...new Set([...own, ...(await this.ask((leases) => leases.online(), []))])]
  }

  async isOnline(userId: string): Promise<boolean> {
    return (await this.getUser(userId)) !== null
  }

  leftAt(userId: string): Date | undefined {
    return this.deps.own.leftAt(userId)
  }

  private async putAll(leaseMs: number): Promise<void> {
    const entries = [...this.deps.own.entries()]
    for (let i = 0; i < entries.length && this.deps.isUp(); i += AT_ONCE) {
      const some = entries.slice(i, i + AT_ONCE)
      await Promise.all(
        some.map(([userId, connections]) => this.ask((leases) => leases.put(userId, connections, leaseMs), undefined)),
      )
    }
  }

  /** Redis is asked only while it is there; a question it does not answer is as one that was not asked. */
  private async ask<T>(question: (leases: PresenceLeases) => Promise<T>, otherwise: T): Promise<T> {
    if (!this.deps.isUp()) return otherwise
    try {
      return await question(this.deps.leases)
    } catch (error) {
      this.deps.logger.debug('Redis did not answer about presence', { error })
      return otherwise
    }
  }
}
