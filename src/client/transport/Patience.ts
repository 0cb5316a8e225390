import { backoffMs, type Clock, type Random } from './clock'

/** Waits between attempts, longer each time, and can be called off: by good news (`hurry`) or for good (`stop`). */
export class Patience {
  private attempt = 0
  private wake: (() => void) | undefined

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Resolves after the back-off (at least `atLeastMs`), or sooner by `hurry`. */
  wait(atLeastMs = 0): Promise<void> {
    const delayMs = Math.max(atLeastMs, backoffMs(this.attempt, this.random))
    this.attempt += 1
    return new Promise((resolve) => {
      const cancel = this.clock.after(delayMs, () => this.wake?.())
      this.wake = () => {
        this.wake = undefined
        cancel()
        resolve()
      }
    })
  }

  /** Ends a wait that is under way. */
  hurry(): void {
    this.wake?.()
  }

  /** After a success: the next wait is short again. */
  reset(): void {
    this.attempt = 0
  }
}
