import { LRUCache } from 'lru-cache'
import { RateLimiterRes } from 'rate-limiter-flexible'
import { mostEntries } from '@/lib/cache/mostEntries'

/**
 * Keys that one counter remembers; beyond it the one that was counted longest ago is forgotten. Some 10 MB at worst. Whoever
 * wants theirs forgotten has to be counted under so many others first: each needs another account, session or network, and
 * for passwords a hash of it, so that flushing a limit costs hundreds of times what it gains.
 */
export const MOST_KEYS = 50_000

interface Window {
  consumed: number
  endsAt: number
}

/**
 * Fixed windows in memory, with what counters use of rate-limiter-flexible's limiters. Its own memory limiter keeps every
 * key, and a timer for each, until its window ends: whoever makes up keys decides how much that is.
 */
export class MemoryLimiter {
  private readonly windows: LRUCache<string, Window>

  constructor(
    private readonly options: { points: number; duration: number },
    mostKeys = MOST_KEYS,
  ) {
    this.windows = new LRUCache(mostEntries(mostKeys))
  }

  get size(): number {
    return this.windows.size
  }

  /** Rejects with the state when that is beyond the points. */
  async consume(key: string): Promise<RateLimiterRes> {
    const result = this.move(key, 1)
    if (result.consumedPoints > this.options.points) throw result
    return result
  }

  async reward(key: string): Promise<RateLimiterRes> {
    return this.move(key, -1)
  }

  async delete(key: string): Promise<boolean> {
    return this.windows.delete(key)
  }

  async set(key: string, points: number, seconds: number): Promise<RateLimiterRes> {
    const window = { consumed: points, endsAt: Date.now() + seconds * 1_000 }
    this.windows.set(key, window)
    return this.stateOf(window)
  }

  async get(key: string): Promise<RateLimiterRes | null> {
    const window = this.current(key)
    return window ? this.stateOf(window) : null
  }

  private move(key: string, points: number): RateLimiterRes {
    const window = this.current(key) ?? { consumed: 0, endsAt: Date.now() + this.options.duration * 1_000 }
    window.consumed += points
    this.windows.set(key, window)
    return this.stateOf(window)
  }

  private current(key: string): Window | undefined {
    const window = this.windows.get(key)
    return window && window.endsAt > Date.now() ? window : undefined
  }

  private stateOf({ consumed, endsAt }: Window): RateLimiterRes {
    return new RateLimiterRes(Math.max(0, this.options.points - consumed), endsAt - Date.now(), consumed)
  }
}
