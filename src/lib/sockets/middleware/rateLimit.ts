import type { RateLimitModule } from '@/contracts/rateLimits'

/** Counts a command against its module's limit. @throws AppError RATE_LIMITED with `retryAfterMs`. */
export type RateLimit = (module: RateLimitModule, key: string) => Promise<void>

/** No module is limited. */
export const unlimited: RateLimit = async () => {}
