import type { EventEmitter } from './EventEmitter'
import type { Runtime } from './runtime'

const SLOWEST_MS = 30_000

/** What tells whether there is a live connection. */
export interface LinkState {
  connected: boolean
  /** Undefined while connected or stopped. */
  downSince: number | undefined
  changed: Pick<EventEmitter, 'on'>
}

export interface PollerOptions {
  link: LinkState
  everyMs: number
  /** Asks for changes over HTTP; rejects when that fails. */
  poll(): Promise<void>
}

/** Asks for changes now and then while there is no live connection and somebody looks; less often while that fails too. */
export class Poller {
  private cancelNext: (() => void) | undefined
  private polling = false
  private failures = 0

  constructor(
    private readonly runtime: Runtime,
    private readonly options: PollerOptions,
  ) {}

  start(): void {
    const { page, wake } = this.runtime
    this.options.link.changed.on(() => this.arm())
    page.onChange(() => this.arm())
    wake.on(() => {
      this.failures = 0
      this.disarm()
      this.arm()
    })
    this.arm()
  }

  private disarm(): void {
    this.cancelNext?.()
    this.cancelNext = undefined
  }

  private arm(): void {
    const { link, everyMs } = this.options
    const { page, clock, random, signal } = this.runtime
    if (signal.aborted || link.connected || link.downSince === undefined || !page.isVisible()) {
      this.disarm()
      return
    }
    if (this.cancelNext !== undefined || this.polling) return
    const delayMs = Math.min(SLOWEST_MS, everyMs * 2 ** this.failures)
    this.cancelNext = clock.after(delayMs * (0.75 + random() / 2), () => void this.poll())
  }

  private async poll(): Promise<void> {
    this.cancelNext = undefined
    this.polling = true
    try {
      await this.options.poll()
      this.failures = 0
    } catch {
      this.failures = Math.min(this.failures + 1, 10) // the page shows it: HttpReach knows
    }
    this.polling = false
    this.arm()
  }
}
