import type { ActiveUser, ActiveUsersStore, DepartedUser } from '@/services/presence/ports'
import type { Logger } from '@/services/shared/Logger'
import type { InMemoryActiveUsersStore } from './InMemoryActiveUsersStore'
import type { PresenceLeases } from './PresenceLeases'

export interface RedisActiveUsersStoreDeps {
  leases: PresenceLeases
  /** The connections of this process; all there is while Redis is down. */
  own: InMemoryActiveUsersStore
  link: { readonly isUp: boolean; readonly upForMs: number }
  logger: Logger
}

/** A lease and how often it is renewed, in milliseconds (CONTRACT, *Bounds*). */
const LEASE_MS = 45_000
/** How often a process says that its people are still there, in milliseconds. */
export const RENEW_MS = 15_000
/** How long people are waited for elsewhere when their process stops, in milliseconds. */
const MOVE_MS = 10_000
/** Users whose leases are renewed at the same time. */
const AT_ONCE = 200

/**
 * The connections of all processes, by leases in Redis that the process which holds a connection renews. While Redis is
 * down it answers from memory.
 */
export class RedisActiveUsersStore implements ActiveUsersStore {
  /** Its process stops. */
  isLeaving = false

  constructor(private readonly deps: RedisActiveUsersStoreDeps) {}

  /** The process stops: its leases last only as long as its people need to reach another process. */
  async leave(): Promise<void> {
    this.isLeaving = true
    await this.putAll()
  }

  /** Makes the leases of all connections anew. Never rejects. */
  async renew(): Promise<void> {
    await this.putAll()
  }

  /** People whose leases have all run out, because their process died; each is answered to one process only. */
  async takeExpired(): Promise<string[]> {
    // After an outage everybody's leases may have run out: their processes get the time to renew them.
    if (this.deps.link.upForMs < LEASE_MS) return []
    return this.ask((leases) => leases.expire(), [])
  }

  async addUser(userId: string, connectionId: string): Promise<void> {
    await this.deps.own.addUser(userId, connectionId)
    await this.ask((leases) => leases.put(userId, [[connectionId, false]], this.leaseMs), undefined)
  }

  async removeUser(userId: string, connectionId: string, keepMs = 0): Promise<'here' | 'elsewhere' | 'nowhere'> {
    const remaining = await this.deps.own.removeUser(userId, connectionId)
    const hasLease = await this.ask((leases) => leases.drop(userId, connectionId, keepMs), false)
    return remaining === 'nowhere' && hasLease ? 'elsewhere' : remaining
  }

  async setAway(userId: string, connectionId: string, away: boolean): Promise<void> {
    const user = await this.deps.own.getUser(userId)
    if (!user?.connections.includes(connectionId)) return // it ended meanwhile: a lease would be a ghost
    await this.deps.own.setAway(userId, connectionId, away)
    await this.ask((leases) => leases.put(userId, [[connectionId, away]], this.leaseMs), undefined)
  }

  async getUser(userId: string): Promise<ActiveUser | null> {
    const known = (await this.getUsers([userId])).get(userId)
    return known && 'connections' in known ? known : null
  }

  async getUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, ActiveUser | DepartedUser>> {
    const own = await this.deps.own.getUsers(userIds)
    const everywhere = await this.ask((leases) => leases.read(userIds), new Map<string, ActiveUser | DepartedUser>())
    for (const [userId, user] of own) everywhere.set(userId, merged(user, everywhere.get(userId)))
    return everywhere
  }

  async getAllUsers(): Promise<string[]> {
    const own = await this.deps.own.getAllUsers()
    return [...new Set([...own, ...(await this.ask((leases) => leases.online(), []))])]
  }

  async isOnline(userId: string): Promise<boolean> {
    return (await this.getUser(userId)) !== null
  }

  holds(userId: string): boolean {
    return this.deps.own.holds(userId)
  }

  private get leaseMs(): number {
    return this.isLeaving ? MOVE_MS : LEASE_MS
  }

  private async putAll(): Promise<void> {
    const entries = [...this.deps.own.entries()]
    for (let i = 0; i < entries.length && this.deps.link.isUp; i += AT_ONCE) {
      const some = entries.slice(i, i + AT_ONCE)
      await Promise.all(
        some.map(([userId, connections]) =>
          this.ask((leases) => leases.put(userId, connections, this.leaseMs), undefined),
        ),
      )
    }
  }

  /** Redis is asked only while it is there; a question it does not answer is as one that was not asked. */
  private async ask<T>(question: (leases: PresenceLeases) => Promise<T>, otherwise: T): Promise<T> {
    if (!this.deps.link.isUp) return otherwise
    try {
      return await question(this.deps.leases)
    } catch (error) {
      this.deps.logger.debug('Redis did not answer about presence', { error })
      return otherwise
    }
  }
}

/** Of what this process knows itself nothing is doubted: a lease may be late, or lost with an empty Redis. */
function merged(
  own: ActiveUser | DepartedUser,
  leased: ActiveUser | DepartedUser | undefined,
): ActiveUser | DepartedUser {
  if (!leased) return own
  if ('leftAt' in own) return 'leftAt' in leased && leased.leftAt < own.leftAt ? own : leased
  if ('leftAt' in leased) return own
  const elsewhere = leased.connections.some((id) => !own.connections.includes(id))
  return {
    connections: [...new Set([...own.connections, ...leased.connections])],
    away: own.away && (!elsewhere || leased.away),
  }
}
