import type { RedisClient } from './connectRedis'

type Kind = 'subscribe' | 'psubscribe'

/**
 * What a client is subscribed to, made again on every connection. A client's own way of doing that forgets what was not
 * answered when the connection ends, and rejects where nobody catches.
 */
export class Subscriptions {
  private readonly wanted = new Map<string, Kind>()

  /** @param onRestored - all are answered, on this connection. */
  constructor(
    private readonly client: RedisClient,
    private readonly onRestored: () => void,
  ) {
    client.on('ready', () => void this.restore())
  }

  /** Never rejects: without a connection it happens with the next one. */
  async add(kind: Kind, names: readonly string[]): Promise<void> {
    for (const name of names) this.wanted.set(name, kind)
    if (this.client.status === 'ready') await this.request(names)
  }

  async remove(names: readonly string[]): Promise<void> {
    const kinds = names.map((name) => [name, this.wanted.get(name)] as const)
    for (const name of names) this.wanted.delete(name)
    if (this.client.status !== 'ready') return
    const requests = kinds.map(([name, kind]) =>
      kind === 'psubscribe' ? this.client.punsubscribe(name) : this.client.unsubscribe(name),
    )
    await Promise.allSettled(requests)
  }

  private async restore(): Promise<void> {
    if (await this.request([...this.wanted.keys()])) this.onRestored()
  }

  /** A subscription that is refused or not answered costs the connection; it is made again, with all of them. */
  private async request(names: readonly string[]): Promise<boolean> {
    try {
      await Promise.all(names.map((name) => this.client[this.wanted.get(name) ?? 'subscribe'](name)))
      return true
    } catch {
      if (this.client.status === 'ready') this.client.disconnect(true)
      return false
    }
  }
}
