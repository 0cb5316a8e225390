import type { RedisClient } from './connectRedis'
import type { Subscriptions } from './Subscriptions'

export interface ForAdapterDeps {
  commands: RedisClient
  subscriber: RedisClient
  subscriptions: Subscriptions
  isUp: () => boolean
  mayHear: () => boolean
  /** Something could not be published though Redis is thought to be up. */
  onLost: () => void
}

type Listener = (...args: unknown[]) => void

/** The event by which the adapter hears what other processes tell clients. */
const BROADCASTS = 'pmessageBuffer'

/**
 * The two clients as Socket.IO's classic adapter may have them. It awaits and catches nothing, so nothing rejects here;
 * while Redis is down nothing is published; and subscriptions are kept over connections.
 */
export function forAdapter(deps: ForAdapterDeps): { publisher: RedisClient; subscriber: RedisClient } {
  const { commands, subscriber, subscriptions } = deps
  const publish = async (channel: string, message: string | Buffer): Promise<number> => {
    if (!deps.isUp()) return 0
    try {
      return await commands.publish(channel, message)
    } catch {
      if (deps.isUp()) deps.onLost()
      return 0
    }
  }
  const guarded = new Map<Listener, Listener>()
  const on = (event: string, listener: Listener) => {
    if (event === BROADCASTS) {
      guarded.set(listener, (...args) => {
        if (deps.mayHear()) listener(...args)
      })
    }
    return subscriber.on(event, guarded.get(listener) ?? listener)
  }
  return {
    publisher: replacing(commands, { publish }),
    subscriber: replacing(subscriber, {
      subscribe: (names: string[]) => subscriptions.add('subscribe', names),
      psubscribe: (pattern: string) => subscriptions.add('psubscribe', [pattern]),
      unsubscribe: (names: string[]) => subscriptions.remove(names),
      punsubscribe: (pattern: string) => subscriptions.remove([pattern]),
      on,
      off: (event: string, listener: Listener) => subscriber.off(event, guarded.get(listener) ?? listener),
    }),
  }
}

/** The same client with some methods of our own. */
function replacing(client: RedisClient, own: Record<string, unknown>): RedisClient {
  return new Proxy(client, {
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(own, key)) return own[key]
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
