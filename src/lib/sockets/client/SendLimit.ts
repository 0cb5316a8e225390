import { AppError } from '@/contracts/errors'
import type { Clock } from './clock'
import { Signal } from './Signal'
import type { TabChannel } from './tabChannel'
import type { SendLimitView } from './view'

/** A refusal is believed for at least this long: clocks and timers are not exact. */
const shortestBlockMs = 250
/** A warning that nothing followed is forgotten: the server's window has probably ended. */
const warningMs = 60_000

const nothing: SendLimitView = { blockedUntil: undefined, remaining: undefined }

/** When the attempt may be repeated; undefined for anything but a refusal by a limit that says so. */
export const limitedForMs = (error: unknown): number | undefined =>
  error instanceof AppError && error.code === 'RATE_LIMITED' ? error.retryAfterMs : undefined

/**
 * What is known of the server's limit for messages. It counts the person, not the tab or the room: once a message is
 * refused, all rooms in all tabs wait, and what waits goes out by itself, in order.
 */
export class SendLimit {
  readonly changed = new Signal()
  private current = nothing
  private underWay = 0
  private warnings = 0
  private cancel = () => {}
  private waiting: (() => void)[] = []
  private stopped = false

  constructor(private readonly deps: { clock: Clock; channel: TabChannel }) {}

  /** The same object until something in it changes. */
  readonly view = (): SendLimitView => this.current

  start(): void {
    this.deps.channel.onLimited((until) => this.blockUntil(until))
  }

  stop(): void {
    this.stopped = true
    this.cancel()
    this.release()
  }

  /** Resolves once nothing is known that forbids sending. */
  open(): Promise<void> {
    this.check()
    if (this.current.blockedUntil === undefined || this.stopped) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Looks at the clock: timers of a page that slept are late. */
  check(): void {
    const { blockedUntil } = this.current
    if (blockedUntil !== undefined && this.deps.clock.now() >= blockedUntil) this.clear()
  }

  /** Runs one attempt to send a message, and learns from how it ends. */
  async learnFrom<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const warningsBefore = this.warnings
    this.underWay += 1
    try {
      const result = await attempt()
      // Taken without a warning: plenty is left again.
      if (this.warnings === warningsBefore && this.current.remaining !== undefined) this.clear()
      return result
    } catch (error) {
      const forMs = limitedForMs(error)
      if (forMs !== undefined && !this.stopped) {
        const until = this.deps.clock.now() + Math.max(forMs, shortestBlockMs)
        this.blockUntil(until)
        this.deps.channel.postLimited(until)
      }
      throw error
    } finally {
      this.underWay -= 1
    }
  }

  /**
   * The server warned this tab. The event does not say of which limit; it comes before the acknowledgement, so it is about
   * messages while one is under way.
   */
  warn(remaining: number): void {
    if (this.underWay === 0 || this.stopped || this.current.blockedUntil !== undefined) return
    this.warnings += 1
    this.set({ blockedUntil: undefined, remaining }, warningMs)
  }

  private blockUntil(until: number): void {
    const leftMs = until - this.deps.clock.now()
    if (this.stopped || leftMs <= 0 || until <= (this.current.blockedUntil ?? 0)) return
    this.set({ blockedUntil: until, remaining: undefined }, leftMs)
  }

  private set(view: SendLimitView, forMs: number): void {
    this.cancel()
    this.cancel = this.deps.clock.after(forMs, () => this.clear())
    this.current = view
    this.changed.emit()
  }

  private clear(): void {
    this.cancel()
    this.current = nothing
    this.changed.emit()
    this.release()
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
