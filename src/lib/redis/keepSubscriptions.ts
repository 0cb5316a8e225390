import type { RedisClient } from './connectRedis'

/** What a connection is subscribed to. */
export interface Subscriptions {
  channels: Set<string>
  patterns: Set<string>
}

export const noSubscriptions = (): Subscriptions => ({ channels: new Set(), patterns: new Set() })

/** Notes a call of the client's own methods; others change nothing. */
export function noteSubscription({ channels, patterns }: Subscriptions, method: PropertyKey, args: readonly unknown[]) {
  const names = args.flat().filter((name) => typeof name === 'string')
  for (const name of names) {
    if (method === 'subscribe') channels.add(name)
    else if (method === 'psubscribe') patterns.add(name)
    else if (method === 'unsubscribe') channels.delete(name)
    else if (method === 'punsubscribe') patterns.delete(name)
  }
}

/**
 * Makes them again with every new connection. ioredis does so by itself only when they had been answered on the one
 * before: a connection that breaks between being ready and that answer (Redis is slow, say) would cost all of them for good.
 */
export function keepSubscriptions(client: RedisClient, { channels, patterns }: Subscriptions): void {
  client.on('ready', () => {
    if (patterns.size > 0) client.psubscribe(...patterns).catch(() => {}) // a lost connection: then there is another
    if (channels.size > 0) client.subscribe(...channels).catch(() => {})
  })
}
