import { randomUUID } from 'node:crypto'
import pTimeout from 'p-timeout'
import type { Logger } from '@/services/shared/Logger'
import { connectRedis, type RedisClient } from './connectRedis'
import { forAdapter } from './forAdapter'
import { Subscriptions } from './Subscriptions'

export interface RedisLinkDeps {
  /** One address, or some nodes of a cluster. */
  urls: readonly string[]
  /** What other processes tell clients is passed on only while this is true. */
  mayHear?: () => boolean
  /** Something for clients could not be published though Redis is thought to be up. */
  onLost?: () => void
  logger: Logger
}

/** How often the way to Redis and back is tried, in milliseconds. */
const PULSE_MS = 500
/** A pulse that is not heard for so long means that nothing else would be, in milliseconds. */
const SILENCE_MS = 2_000
/** How long a connection that is open and answers nothing is kept before it is made anew, in milliseconds. */
const STUCK_MS = 5_000

/** Pulses under way that are remembered. */
const KEPT_PULSES = 20

type Listener = () => void
type Moment = 'firstUp' | 'down' | 'up' | 'gap'
type State = 'starting' | 'up' | 'down' | 'stopped'

/**
 * The process's two connections to Redis, and whether what is published arrives. That is known by a pulse: a numbered
 * message to oneself, subscribed to after everything else. A Redis that is dead, frozen, or whose answers are lost on the
 * way is thus noticed within 2.5 seconds, and said once; from then on nothing is published (it would only pile up) until a
 * pulse is heard again.
 */
export class RedisLink {
  /** They fail fast. Ask `isUp` first. */
  readonly commands: RedisClient
  /** For Socket.IO's adapter, which neither awaits nor catches what it publishes and subscribes to. */
  readonly forAdapter: { publisher: RedisClient; subscriber: RedisClient }
  private readonly subscriber: RedisClient
  private readonly subscriptions: Subscriptions
  private readonly channel = `tandem:pulse:${randomUUID()}`
  private readonly listeners: Record<Moment, Listener[]> = { firstUp: [], down: [], up: [], gap: [] }
  private state: State = 'starting'
  private timer: ReturnType<typeof setTimeout> | undefined
  private lastError: unknown
  private pulse = 0
  private heardPulse = 0
  private sentAt = new Map<number, number>()
  private heardAt = performance.now()
  private upSince = 0
  private resetAt = performance.now()
  private lastLatencyMs = 0

  constructor(private readonly deps: RedisLinkDeps) {
    this.commands = connectRedis({ urls: deps.urls, name: 'tandem-commands' })
    this.subscriber = connectRedis({ urls: deps.urls, name: 'tandem-subscriptions' })
    for (const client of [this.commands, this.subscriber]) {
      client.on('close', () => this.closed())
      client.on('error', (error: unknown) => {
        this.lastError = error
      })
      client.on('ready', () => {
        this.resetAt = performance.now()
      })
    }
    this.subscriber.on('message', (channel: string, pulse: string) => {
      if (channel === this.channel) this.hear(Number(pulse))
    })
    // Subscribed to when all others are, so that hearing it means hearing them.
    this.subscriptions = new Subscriptions(this.subscriber, () => {
      // A refusal is noticed by the silence that follows: no pulse is heard, and the connection is made anew.
      void this.subscriber.subscribe(this.channel).catch(() => {})
    })
    this.forAdapter = forAdapter({
      ...{ commands: this.commands, subscriber: this.subscriber, subscriptions: this.subscriptions },
      isUp: () => this.isUp,
      mayHear: deps.mayHear ?? (() => true),
      onLost: () => {
        deps.onLost?.()
        this.tellOf('gap')
      },
    })
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

  /** For how long it has been up, in milliseconds; 0 while it is down. */
  get upForMs(): number {
    return this.isUp ? performance.now() - this.upSince : 0
  }

  onDown(listener: Listener): void {
    this.listeners.down.push(listener)
  }

  /** Once, when the first pulse is heard: at the start, or later if Redis was not there then. */
  onFirstUp(listener: Listener): void {
    this.listeners.firstUp.push(listener)
  }

  onUp(listener: Listener): void {
    this.listeners.up.push(listener)
  }

  /** It is up, but something was lost: a pulse between two others, or a message that could not be published. */
  onGap(listener: Listener): void {
    this.listeners.gap.push(listener)
  }

  /** Resolves when the first pulse is heard, or after `timeoutMs`: then it goes on trying. */
  async start(timeoutMs: number): Promise<void> {
    const up = new Promise<void>((resolve) => this.listeners.up.push(resolve))
    this.beat()
    await pTimeout(up, { milliseconds: timeoutMs, message: false })
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
    this.timer = setTimeout(() => this.beat(), PULSE_MS)
    if (this.isUp && this.silenceMs > SILENCE_MS) {
      this.goDown('a pulse was not heard')
      this.reset()
    }
    if (this.state === 'down' && performance.now() - this.resetAt > STUCK_MS) this.reset()
    if (this.commands.status !== 'ready') return
    this.pulse += 1
    const pulse = this.pulse
    this.sentAt.set(pulse, performance.now())
    this.sentAt.delete(pulse - KEPT_PULSES) // published, never heard: of a subscriber that is away for long
    void this.commands.publish(this.channel, String(pulse)).catch(() => this.sentAt.delete(pulse))
  }

  private hear(pulse: number): void {
    const sentAt = this.sentAt.get(pulse)
    if (sentAt === undefined || this.state === 'stopped') return
    const isGap = this.isUp && pulse > this.heardPulse + 1
    // Of a pulse that is overtaken nothing more is expected.
    for (const sent of this.sentAt.keys()) if (sent <= pulse) this.sentAt.delete(sent)
    const before = this.state
    if (isGap) this.tellOf('gap')
    this.heardPulse = pulse
    this.heardAt = performance.now()
    this.lastLatencyMs = this.heardAt - sentAt
    if (before === 'up') return
    if (before === 'down') this.deps.logger.info('Redis answers again')
    const isFirst = this.upSince === 0
    this.upSince = this.heardAt
    this.state = 'up'
    if (isFirst) this.tellOf('firstUp')
    this.tellOf('up')
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
    this.deps.logger.warn('Redis is down; going on without it', { reason, lastError: this.lastError })
    this.lastError = undefined
    this.tellOf('down')
  }

  /** A frozen server, or a middle box that forgot us, keeps connections open for ever. */
  private reset(): void {
    this.resetAt = performance.now()
    for (const client of [this.commands, this.subscriber]) {
      if (client.status !== 'reconnecting' && client.status !== 'connecting') client.disconnect(true)
    }
  }

  private tellOf(event: Moment): void {
    for (const listener of this.listeners[event]) listener()
  }
}
