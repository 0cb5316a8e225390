import type { RedisLink } from '@/lib/redis/RedisLink'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import { PresenceLeases } from '@/lib/sockets/presence/PresenceLeases'
import { RENEW_MS, RedisActiveUsersStore } from '@/lib/sockets/presence/RedisActiveUsersStore'
import { ChatPresenceService, PRESENCE_GRACE_MS } from '@/services/presence/ChatPresenceService'
import { LastSeenBatch } from '@/services/presence/LastSeenBatch'
import { PresenceTracker } from '@/services/presence/PresenceTracker'
import type { LastSeenRepository } from '@/services/presence/ports'
import type { Publish } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'

/** How long `lastSeen` updates are collected, in milliseconds. */
const LAST_SEEN_BATCH_MS = 2_000

export interface PresenceDeps {
  users: LastSeenRepository
  /** Absent: of other processes' connections nothing is known, and `lastSeen` decides. */
  redis: RedisLink | undefined
  logger: Logger
}

/** Who is here, for a process without connections of its own. */
export function createPresenceReader({ users, redis, logger }: PresenceDeps): ChatPresenceService {
  const lastSeen = new LastSeenBatch({ repository: users, logger, batchMs: LAST_SEEN_BATCH_MS })
  const activeUsers = redis && createLeases(redis, new InMemoryActiveUsersStore(), logger)
  return new ChatPresenceService({ repository: users, lastSeen, activeUsers })
}

/** Who is here: the connections of this process, by Redis those of all, and telling those concerned of changes. */
export function createPresence({ users, redis, logger, publish }: PresenceDeps & { publish: Publish }) {
  const own = new InMemoryActiveUsersStore()
  const leases = redis && createLeases(redis, own, logger)
  const activeUsers = leases ?? own
  const lastSeen = new LastSeenBatch({ repository: users, logger, batchMs: LAST_SEEN_BATCH_MS })
  const tracker = new PresenceTracker({
    activeUsers,
    repository: users,
    lastSeen,
    publish,
    isCutOff: () => redis !== undefined && !redis.isUp,
    logger,
    graceMs: PRESENCE_GRACE_MS,
  })
  const timers: { renewal?: ReturnType<typeof setTimeout>; repeat?: ReturnType<typeof setTimeout> } = {}

  async function keepAlive(store: RedisActiveUsersStore): Promise<void> {
    await store.renew()
    const expired = await store.takeExpired()
    if (expired.length > 0) await tracker.expired(expired)
    if (!store.isLeaving) timers.renewal = setTimeout(() => void keepAlive(store), RENEW_MS)
  }

  redis?.on('up', () => {
    if (leases?.isLeaving) return
    void leases?.renew()
    // By then the others have renewed theirs as well.
    clearTimeout(timers.repeat)
    timers.repeat = setTimeout(() => void tracker.repeatMissed(), PRESENCE_GRACE_MS)
  })

  return {
    activeUsers,
    tracker,
    service: new ChatPresenceService({ repository: users, lastSeen, activeUsers }),

    async start(): Promise<void> {
      if (leases) timers.renewal = setTimeout(() => void keepAlive(leases), RENEW_MS)
    },

    /** Before the connections are closed: whoever has one is on the way to another process. */
    async leave(): Promise<void> {
      clearTimeout(timers.renewal)
      clearTimeout(timers.repeat)
      tracker.stop()
      await leases?.leave()
    },

    async stop(): Promise<void> {
      await lastSeen.flush()
    },
  }
}
export type PresenceSubsystem = ReturnType<typeof createPresence>

const createLeases = (redis: RedisLink, own: InMemoryActiveUsersStore, logger: Logger) =>
  new RedisActiveUsersStore({ leases: new PresenceLeases(redis.commands), own, link: redis, logger })
