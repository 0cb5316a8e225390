import type { Cluster, Redis } from 'ioredis'
import { RateLimiterRedis, RateLimiterRes, RLWrapperTimeouts } from 'rate-limiter-flexible'
import type { Logger } from '@/services/shared/Logger'
import { MemoryLimiter } from './MemoryLimiter'
import { RedisPause } from './RedisPause'
import { type RateLimitState, rateLimitState } from './state'

/** All keys begin so; the counter's name and what is counted follow. */
const KEY_PREFIX = 'tandem:limit'
/** How long an answer of Redis is waited for, in milliseconds. */
const REDIS_TIMEOUT_MS = 200

export type RedisClient = Redis | Cluster

/** Counts commands in fixed windows: a key's window begins with its first command. Never rejects. */
export interface Counter {
  /** Counts one command. */
  count(key: string): Promise<RateLimitState>
  /** Takes one command back. */
  giveBack(key: string): Promise<void>
  /** Forgets all commands of this key. */
  forget(key: string): Promise<void>
  /** Remembers the key for one window. */
  remember(key: string): Promise<void>
  /** Whether one more would be refused. */
  isExhausted(key: string): Promise<boolean>
  /** Whether anything of this key was counted or remembered. */
  knows(key: string): Promise<boolean>
}

export type CreateCounter = (name: string, rate: { points: number; seconds: number }) => Counter

type Limiter = Pick<MemoryLimiter, 'consume' | 'reward' | 'delete' | 'set' | 'get'>

/**
 * Counters of one process. With a Redis client they are shared by all processes that have one; when Redis fails or takes
 * longer than 200 ms, a counter in memory stands in. Without a client, memory is all there is.
 */
export function createCounters(deps: { redis: RedisClient | undefined; logger: Logger }): CreateCounter {
  const pause = new RedisPause(deps.logger)
  return (name, { points, seconds }) => {
    const options = { keyPrefix: `${KEY_PREFIX}:${name}`, points, duration: seconds }
    const memory = new MemoryLimiter(options)
    const shared = deps.redis && boundedRedis(deps.redis, options)

    async function use<Result>(action: (limiter: Limiter) => Promise<Result>): Promise<Result> {
      if (!shared || !pause.mayAsk()) return action(memory)
      try {
        const result = await action(shared)
        pause.answered()
        return result
      } catch (error) {
        if (error instanceof RateLimiterRes) {
          pause.answered()
          throw error // a refusal is an answer
        }
        pause.failed(error)
        return action(memory)
      }
    }

    return {
      async count(key) {
        const result = await use((limiter) => limiter.consume(key)).catch(asRefusal)
        return rateLimitState(points, result.consumedPoints, result.msBeforeNext)
      },
      giveBack: async (key) => void (await use((limiter) => limiter.reward(key))),
      forget: async (key) => void (await use((limiter) => limiter.delete(key))),
      remember: async (key) => void (await use((limiter) => limiter.set(key, 1, seconds))),
      isExhausted: async (key) => ((await use((limiter) => limiter.get(key)))?.consumedPoints ?? 0) >= points,
      knows: async (key) => (await use((limiter) => limiter.get(key))) !== null,
    }
  }
}

/** The library rejects with the same kind of result when it refuses. */
function asRefusal(thrown: unknown): RateLimiterRes {
  if (thrown instanceof RateLimiterRes) return thrown
  throw thrown
}

/** Redis behind a time limit; a connection that is not ready is not even asked, so nothing piles up in its queue. */
const boundedRedis = (redis: RedisClient, options: { keyPrefix: string; points: number; duration: number }): Limiter =>
  new RLWrapperTimeouts({
    limiter: new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true }),
    timeoutMs: REDIS_TIMEOUT_MS,
  })
