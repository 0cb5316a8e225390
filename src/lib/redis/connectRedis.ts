import { Cluster, Redis } from 'ioredis'

export type RedisClient = Redis | Cluster

export interface RedisClientOptions {
  /** One address (`redis:` or `rediss:`, with user, password and database as needed), or some nodes of a cluster. */
  urls: readonly string[]
  /** How Redis lists this connection. */
  name: string
}

/** How long Redis may take to answer a command, in milliseconds. */
const COMMAND_TIMEOUT_MS = 1_500
const CONNECT_TIMEOUT_MS = 2_000
const GOODBYE_MS = 500
const RETRY_FIRST_MS = 100
const RETRY_MOST_MS = 2_000

const failFast = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: COMMAND_TIMEOUT_MS }

const retryDelayMs = (attempt: number): number =>
  Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.75 + Math.random() / 4)

/**
 * A client that connects, and comes back, by itself; nothing it does may end the process. A command fails at once while
 * there is no connection, and after `COMMAND_TIMEOUT_MS`: whoever asks has another way.
 */
export function connectRedis({ urls, name }: RedisClientOptions): RedisClient {
  const options = {
    ...failFast,
    // Both of these go wrong when a connection ends before its subscriptions are answered: RedisLink has its own.
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: GOODBYE_MS,
    connectionName: name,
  }
  const [first = '', ...others] = urls
  const client =
    others.length === 0
      ? new Redis(first, { ...options, retryStrategy: retryDelayMs })
      : new Cluster([...urls], {
          redisOptions: { ...options, ...credentials(new URL(first)) },
          enableOfflineQueue: false,
          maxRedirections: 3,
          clusterRetryStrategy: retryDelayMs,
          slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
        })
  client.on('error', () => {}) // what it means is noticed by whoever waits for an answer, and said once
  return client
}

/** A cluster names its other nodes by host and port only: what the first address says holds for all. */
function credentials(url: URL) {
  return {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  }
}
