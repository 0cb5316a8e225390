import { LRUCache } from 'lru-cache'
import { mostEntries } from '@/lib/cache/mostEntries'
import type { RateLimit } from '@/lib/env/config'

/** Refusals after which a connection is closed on which nobody has signed in. */
const REFUSALS_UNSIGNED = 3
/** Addresses that are remembered; of more, the one that was quiet longest is forgotten. */
const MOST_ADDRESSES = 20_000

/**
 * Handshakes that were refused through the client's own fault, counted for their connection and their address. Whoever
 * shares an address with others is counted for nothing else, so an office comes back after a restart all at once.
 *
 * Counted in this process alone: it must be known without asking anybody, since it is what spares us the work of a flood.
 */
export class RefusedHandshakes {
  private readonly ofUnsigned = new WeakMap<object, number>()
  private readonly ofSignedIn = new WeakMap<object, { count: number; since: number }>()
  private readonly ofAddress: LRUCache<string, { count: number }> | undefined

  constructor(
    /** Refusals an address may have before nobody is let in from there until its window ends; null: any number. */
    private readonly limit: RateLimit,
    private readonly now: () => number = () => performance.now(),
  ) {
    const options = { ...mostEntries(MOST_ADDRESSES), perf: { now } }
    this.ofAddress = limit ? new LRUCache({ ...options, ttl: limit.seconds * 1_000, ttlResolution: 0 }) : undefined
  }

  /** True for the one that uses up what the connection may have while nobody is signed in on it. */
  countForUnsigned(connection: object): boolean {
    const count = (this.ofUnsigned.get(connection) ?? 0) + 1
    this.ofUnsigned.set(connection, count)
    return count === REFUSALS_UNSIGNED
  }

  /**
   * The same once somebody is: a page that lives on one namespace may ask for another again and again for as long as it is
   * open, so it has in each window what a whole address has.
   */
  countForSignedIn(connection: object): boolean {
    if (!this.limit) return false
    const known = this.ofSignedIn.get(connection)
    const isOver = !known || this.now() - known.since >= this.limit.seconds * 1_000
    const { count, since } = isOver ? { count: 0, since: this.now() } : known
    this.ofSignedIn.set(connection, { count: count + 1, since })
    return count + 1 === this.limit.points
  }

  /** The window of an address begins with its first refusal. */
  countForAddress(address: string): void {
    const known = this.ofAddress?.get(address)
    if (known) known.count += 1
    else this.ofAddress?.set(address, { count: 1 })
  }

  /** How long nobody is let in from there, in milliseconds; 0: come in. */
  blockedMs(address: string): number {
    const count = this.ofAddress?.get(address)?.count ?? 0
    return this.limit && count >= this.limit.points ? Math.max(1, this.ofAddress?.getRemainingTTL(address) ?? 0) : 0
  }
}
