import { limitedForMs } from '../runtime/errors'
import type { Runtime } from '../runtime/runtime'
import { Store } from '../runtime/Store'

/** The server's limits that hold up what waits: for messages, for changes of messages, and for finding rooms. */
export const limitNames = ['messages', 'changes', 'rooms'] as const
export type LimitName = (typeof limitNames)[number]

/** What one of them means for this person, in all rooms and tabs. */
export interface SendLimitView {
  /** Until then (milliseconds by the page's clock) nothing is sent; undefined: it is. */
  blockedUntil: number | undefined
  /** How much is left for now, once it is little. */
  remaining: number | undefined
}

/** A refusal is believed for at least this long: clocks and timers are not exact. */
const SHORTEST_BLOCK_MS = 250
/** A warning that nothing followed is forgotten: the server's window has probably ended. */
const WARNING_MS = 60_000

const NO_LIMIT: SendLimitView = { blockedUntil: undefined, remaining: undefined }

/**
 * What is known of one of the server's limits. It counts the person, not the tab or the room: once something is refused,
 * whatever it counts waits, in all rooms and tabs, and goes out by itself, in order.
 */
export class SendLimit {
  private current = NO_LIMIT
  readonly view = new Store(() => this.current)
  private underWay = 0
  private warnings = 0
  private cancel = () => {}
  private waiting: (() => void)[] = []

  constructor(
    private readonly runtime: Pick<Runtime, 'clock' | 'signal'>,
    /** Any tab may send what waits, so each learns only a part: they tell each other. */
    private readonly tellOthers: (limit: SendLimitView) => void,
  ) {
    runtime.signal.addEventListener('abort', () => this.release())
  }

  /** An attempt has begun that is not over. */
  get isUnderWay(): boolean {
    return this.underWay > 0
  }

  /** Something is known that forbids sending. */
  isBlocked(): boolean {
    this.check()
    return this.current.blockedUntil !== undefined
  }

  /** Resolves once nothing is. */
  open(): Promise<void> {
    if (!this.isBlocked() || this.runtime.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Looks at the clock: timers of a page that slept are late. */
  check(): void {
    const { blockedUntil } = this.current
    if (blockedUntil !== undefined && this.runtime.clock.now() >= blockedUntil) this.become(NO_LIMIT)
  }

  /** Runs one attempt, and learns from how it ends. */
  async learnFrom<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const warningsBefore = this.warnings
    this.underWay += 1
    try {
      const result = await attempt()
      // Taken without a warning: plenty is left again.
      if (this.warnings === warningsBefore && this.current.remaining !== undefined) this.learn(NO_LIMIT)
      return result
    } catch (error) {
      const forMs = limitedForMs(error)
      if (forMs !== undefined) {
        this.learn({
          blockedUntil: this.runtime.clock.now() + Math.max(forMs, SHORTEST_BLOCK_MS),
          remaining: undefined,
        })
      }
      throw error
    } finally {
      this.underWay -= 1
    }
  }

  /** The server warned this tab, before it acknowledges: it says nothing while no attempt is under way. */
  warn(remaining: number): void {
    if (!this.isUnderWay) return
    this.warnings += 1
    this.learn({ blockedUntil: undefined, remaining })
  }

  private learn(limit: SendLimitView): void {
    if (this.runtime.signal.aborted) return
    this.adopt(limit)
    this.tellOthers(limit)
  }

  /** What this tab, or another, has learned. */
  adopt(limit: SendLimitView): void {
    if (this.runtime.signal.aborted) return
    const blockedUntil = this.current.blockedUntil ?? 0
    // A block ends by its own time: whatever else is heard meanwhile is older, or of another limit.
    if (blockedUntil > 0 && (limit.blockedUntil ?? 0) <= blockedUntil) return
    if (limit.blockedUntil !== undefined && limit.blockedUntil <= this.runtime.clock.now()) return
    this.become(limit)
  }

  private become(limit: SendLimitView): void {
    this.cancel()
    const { blockedUntil, remaining } = limit
    if (blockedUntil !== undefined) this.endAfter(blockedUntil - this.runtime.clock.now())
    else if (remaining !== undefined) this.endAfter(WARNING_MS)
    this.current = limit
    this.view.invalidate()
    if (blockedUntil === undefined) this.release()
  }

  private endAfter(ms: number): void {
    this.cancel = this.runtime.clock.after(ms, () => this.become(NO_LIMIT))
  }

  private release(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
