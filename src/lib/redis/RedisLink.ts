import { randomUUID } from 'node:crypto'
import type { Logger } from '@/services/shared/Logger'
import { connectRedis, type RedisClient } from './connectRedis'
import { keepSubscriptions, noSubscriptions, noteSubscription, type Subscriptions } from './keepSubscriptions'

export interface RedisLinkDeps {
  /** One address, or some nodes of a cluster. */
  urls: readonly string[]
  logger: Logger
}

/** How often the way to Redis and back is tried, in milliseconds. */
const PULSE_MS = 1_000
const PULSE_WHILE_DOWN_MS = 300
/** A pulse that is not heard for so long means that nothing else would be, in milliseconds. */
const SILENCE_MS = 2_500
/** How long a connection that is open and answers nothing is kept before it is made anew, in milliseconds. */
const STUCK_MS = 3_000

type Listener = () => void

/**
 * The process's two connections to Redis, and whether what is published arrives. That is known by a pulse: a message to
 * oneself each second. A Redis that is dead, frozen, or whose answers are lost on the way is thus noticed within
 * 2.5 seconds, and said once; from then on nothing is published (it would only pile up) until a pulse is heard again.
 */
export class RedisLink {
  /** For commands; they fail fast. Ask `isUp` first. */
  readonly commands: RedisClient
  /** For Socket.IO's adapter, which neither awaits nor catches what it publishes and subscribes to. */
  readonly forAdapter: { publisher: RedisClient; subscriber: RedisClient }
  private readonly subscriber: RedisClient
  private readonly channel = `tandem:pulse:${randomUUID()}`
  private readonly downListeners: Listener[] = []
  private readonly upListeners: Listener[] = []
  private readonly sentAt = new Map<string, number>()
  private pulses = 0
  private heardAt = performance.now()
  private resetAt = performance.now()
  private timer: ReturnType<typeof setTimeout> | undefined
  private state: 'starting' | 'up' | 'down' | 'stopped' = 'starting'
  private lastLatencyMs: number | undefined

  constructor(private readonly deps: RedisLinkDeps) {
    this.commands = connectRedis({ urls: deps.urls, name: 'tandem-commands', purpose: 'commands' })
    this.subscriber = connectRedis({ urls: deps.urls, name: 'tandem-subscriptions', purpose: 'subscriptions' })
    const subscriptions = noSubscriptions()
    subscriptions.channels.add(this.channel)
    keepSubscriptions(this.subscriber, subscriptions)
    this.forAdapter = {
      publisher: neverRejecting(this.commands, () => this.isUp),
      subscriber: neverRejecting(this.subscriber, () => true, subscriptions),
    }
    this.subscriber.on('message', (channel: string, pulse: string) => {
      if (channel === this.channel) this.hear(pulse)
    })
    for (const client of [this.commands, this.subscriber]) client.on('close', () => this.closed())
  }

  get isUp(): boolean {
    return this.state === 'up'
  }

  /** How long the last pulse was under way, in milliseconds; undefined while it is down. */
  get latencyMs(): number | undefined {
    return this.isUp ? this.lastLatencyMs : undefined
  }

  /** For how long something published may have been lost already, in milliseconds. */
  get silenceMs(): number {
    return performance.now() - this.heardAt
  }

  onDown(listener: Listener): void {
    this.downListeners.push(listener)
  }

  onUp(listener: Listener): void {
    this.upListeners.push(listener)
  }

  /** Resolves when the first pulse is heard, or after `timeoutMs`: then it goes on trying. */
  async start(timeoutMs: number): Promise<void> {
    const up = new Promise<void>((resolve) => this.upListeners.push(resolve))
    this.beat()
    let timer: ReturnType<typeof setTimeout> | undefined
    await Promise.race([
      up,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs)
      }),
    ])
    clearTimeout(timer)
    if (this.state === 'starting') this.goDown('it does not answer')
  }

  stop(): void {
    this.state = 'stopped'
    clearTimeout(this.timer)
    this.commands.disconnect()
    this.subscriber.disconnect()
  }

  private beat(): void {
    if (this.state === 'stopped') return
    this.timer = setTimeout(() => this.beat(), this.state === 'down' ? PULSE_WHILE_DOWN_MS : PULSE_MS)
    if (this.isUp && this.silenceMs > SILENCE_MS) {
      this.goDown('a pulse was not heard')
      this.reset()
    }
    if (this.state === 'down' && performance.now() - this.resetAt > STUCK_MS) this.reset()
    if (this.commands.status !== 'ready') return
    this.pulses += 1
    const pulse = String(this.pulses)
    this.sentAt.set(pulse, performance.now())
    void this.commands.publish(this.channel, pulse).catch(() => this.sentAt.delete(pulse))
  }

  private hear(pulse: string): void {
    const sentAt = this.sentAt.get(pulse)
    if (sentAt === undefined || this.state === 'stopped') return
    this.sentAt.clear()
    this.heardAt = performance.now()
    this.lastLatencyMs = this.heardAt - sentAt
    if (this.state === 'up') return
    if (this.state === 'down') this.deps.logger.info('Redis answers again')
    this.state = 'up'
    for (const listener of this.upListeners) listener()
  }

  /** While it starts, or is down, a closed connection is only one more attempt that failed. */
  private closed(): void {
    if (this.isUp) this.goDown('the connection was closed')
  }

  /** Says so once; the way up is said by `hear`. */
  private goDown(reason: string): void {
    this.state = 'down'
    this.sentAt.clear()
    this.resetAt = performance.now()
    this.deps.logger.warn('Redis is down; going on without it', { reason })
    for (const listener of this.downListeners) listener()
  }

  /** A frozen server, or a middle box that forgot us, keeps connections open for ever. */
  private reset(): void {
    this.resetAt = performance.now()
    for (const client of [this.commands, this.subscriber]) {
      if (client.status !== 'reconnecting' && client.status !== 'connecting') client.disconnect(true)
    }
  }
}

const unawaited = new Set<PropertyKey>(['publish', 'subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'])

/** The same client, whose commands of publishing and subscribing never reject, and do nothing unless `isUseful`. */
function neverRejecting(client: RedisClient, isUseful: () => boolean, subscriptions?: Subscriptions): RedisClient {
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function') return value
      if (!unawaited.has(key)) return value.bind(target)
      return async (...args: unknown[]): Promise<unknown> => {
        if (subscriptions) noteSubscription(subscriptions, key, args)
        if (!isUseful()) return 0
        try {
          return await Reflect.apply(value, target, args)
        } catch {
          return 0 // noticed by the pulse
        }
      }
    },
  })
}
