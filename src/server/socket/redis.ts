import type { Listener } from '@/lib/bus/Listener'
import { RedisLink } from '@/lib/redis/RedisLink'
import type { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import type { RedisState } from '@/lib/sockets/health/collectors/infrastructure'
import type { Logger } from '@/services/shared/Logger'

/** How long Redis is waited for at the start, in milliseconds; without it the process serves all the same. */
const REDIS_START_MS = 2_000

/** The way to Redis, where one is configured. */
export function createRedis(
  urls: readonly string[],
  listener: Listener,
  collector: Pick<MetricsCollector, 'recordPublishFailure'>,
  rootLogger: Logger,
) {
  const logger = rootLogger.scope('Socket')
  const link =
    urls.length > 0
      ? new RedisLink({
          urls,
          // Who does not hear of removed members passes on nothing that comes by Redis.
          mayHear: () => listener.isListening,
          onLost: () => collector.recordPublishFailure('redis'),
          logger,
        })
      : undefined
  // The first link, whenever that is; what comes after it is said by the link itself.
  link?.once('up', () => rootLogger.scope('Socket.IO').info('Redis adapter enabled'))
  return {
    link,
    /** It is configured, and does not answer. */
    get isMissing(): boolean {
      return link !== undefined && !link.isUp
    },
    state: (): RedisState => ({
      configured: link !== undefined,
      connected: link?.isUp ?? false,
      latencyMs: link?.latencyMs,
    }),
    start: async (): Promise<void> => link?.start(REDIS_START_MS),
    stop: (): void => link?.stop(),
  }
}
export type Redis = ReturnType<typeof createRedis>
