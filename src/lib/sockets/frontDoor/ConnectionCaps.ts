import type { ConnectionLimits } from '@/lib/env/config'

/** Places beyond a limit for those who are only told that it is reached. Who comes beyond them is not even told. */
const PLACES_TO_BE_TOLD = 100

interface Held {
  address: string
  users: Set<string>
  /** Over a limit from the beginning. */
  isOver: boolean
}

/**
 * How many connections (Engine.IO transports) this process holds: in all, of each address, and of each user from the moment
 * they have shown a ticket. `Connection` is any object that stands for one.
 */
export class ConnectionCaps<Connection extends object> {
  private readonly held = new Map<Connection, Held>()
  private readonly ofAddress = new Map<string, number>()
  private readonly ofUser = new Map<string, Set<Connection>>()

  constructor(private readonly limits: ConnectionLimits) {}

  get size(): number {
    return this.held.size
  }

  /** Whether somebody of this address may not even come in to be told that there is no place. */
  isPacked(address: string): boolean {
    const { process, perAddress } = this.limits
    const isBeyond = (count: number, limit: number | null) => limit !== null && count >= limit + PLACES_TO_BE_TOLD
    return isBeyond(this.held.size, process) || isBeyond(this.ofAddress.get(address) ?? 0, perAddress)
  }

  opened(connection: Connection, address: string): void {
    const { process, perAddress } = this.limits
    const ofAddress = add(this.ofAddress, address, 1)
    const isOver = (process !== null && this.held.size >= process) || (perAddress !== null && ofAddress > perAddress)
    this.held.set(connection, { address, users: new Set(), isOver })
  }

  closed(connection: Connection): void {
    const held = this.held.get(connection)
    if (!held) return
    this.held.delete(connection)
    add(this.ofAddress, held.address, -1)
    for (const userId of held.users) {
      const own = this.ofUser.get(userId)
      own?.delete(connection)
      if (own?.size === 0) this.ofUser.delete(userId)
    }
  }

  /** Whether it was one too many when it came. */
  isOver(connection: Connection): boolean {
    return this.held.get(connection)?.isOver ?? false
  }

  /** Counts it as this user's, until it closes. False: they have as many as they may. */
  claim(connection: Connection, userId: string): boolean {
    const held = this.held.get(connection)
    // Closed meanwhile: there is nothing to count.
    if (!held || held.users.has(userId)) return true
    const { perUser } = this.limits
    const own = this.ofUser.get(userId) ?? new Set()
    if (perUser !== null && own.size >= perUser) return false
    held.users.add(userId)
    this.ofUser.set(userId, own.add(connection))
    return true
  }

  /** What counts as this user's. */
  of(userId: string): Connection[] {
    return [...(this.ofUser.get(userId) ?? [])]
  }
}

/** What is counted now; nothing is kept of who has none. */
function add(counts: Map<string, number>, key: string, by: 1 | -1): number {
  const count = (counts.get(key) ?? 0) + by
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
  return count
}
