import { AppError } from '@/contracts/errors'
import type { SendLimitView } from '../chat/view'
import type { Clock } from '../transport/clock'
import { Signal } from '../transport/Signal'
import type { TabChannel } from '../transport/tabChannel'

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
    this.deps.channel.onLimit((limit) => this.adopt(limit))
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
    if (blockedUntil !== undefined && this.deps.clock.now() >= blockedUntil) this.become(nothing)
  }

  /** Runs one attempt to send a message, and learns from how it ends. */
  async learnFrom<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const warningsBefore = this.warnings
    this.underWay += 1
    try {
      const result = await attempt()
      // Taken without a warning: plenty is left again.
      if (this.warnings === warningsBefore && this.current.remaining !== undefined) this.learn(nothing)
      return result
    } catch (error) {
      const forMs = limitedForMs(error)
      if (forMs !== undefined) {
        this.learn({ blockedUntil: this.deps.clock.now() + Math.max(forMs, shortestBlockMs), remaining: undefined })
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
    if (this.underWay === 0) return
    this.warnings += 1
    this.learn({ blockedUntil: undefined, remaining })
  }

  /** Any tab may send what waits, so each learns only a part: they tell each other. */
  private learn(limit: SendLimitView): void {
    if (this.stopped) return
    this.adopt(limit)
    this.deps.channel.postLimit(limit)
  }

  private adopt(limit: SendLimitView): void {
    if (this.stopped) return
    const blockedUntil = this.current.blockedUntil ?? 0
    // A block ends by its own time: whatever else is heard meanwhile is older, or of another limit.
    if (blockedUntil > 0 && (limit.blockedUntil ?? 0) <= blockedUntil) return
    if (limit.blockedUntil !== undefined && limit.blockedUntil <= this.deps.clock.now()) return
    this.become(limit)
  }

  private become(limit: SendLimitView): void {
    this.cancel()
    const { blockedUntil, remaining } = limit
    if (blockedUntil !== undefined) this.endAfter(blockedUntil - this.deps.clock.now())
    else if (remaining !== undefined) this.endAfter(warningMs)
    this.current = limit
    this.changed.emit()
    if (blockedUntil === undefined) this.release()
  }

  private endAfter(ms: number): void {
    this.cancel = this.deps.clock.after(ms, () => this.become(nothing))
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
