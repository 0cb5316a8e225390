import { AppError } from '@/contracts/errors'
import type { RateLimitModule } from '@/contracts/rateLimits'
import type { RateLimit } from '@/lib/sockets/middleware/rateLimit'

type Decision = 'allowed' | 'limited'

/** The same limit, with each of its decisions told to `record`. */
export function countDecisions(
  rateLimit: RateLimit,
  record: (module: RateLimitModule, decision: Decision) => void,
): RateLimit {
  return async (module, key) => {
    try {
      await rateLimit(module, key)
      record(module, 'allowed')
    } catch (error) {
      if (error instanceof AppError && error.code === 'RATE_LIMITED') record(module, 'limited')
      throw error
    }
  }
}
