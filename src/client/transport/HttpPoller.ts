import type { Clock, Random } from './clock'
import type { Page } from './ports'
import type { CommandSocket } from './sendCommand'

const pollMs = 4_000
const slowestMs = 30_000

export interface HttpPollerDeps {
  clock: Clock
  random: Random
  page: Page
  socket: Pick<CommandSocket, 'connected' | 'downSince' | 'changed'>
  /** Asks for changes over HTTP; rejects when that fails. */
  poll(): Promise<void>
}

/** Asks for changes every few seconds while there is no live connection and somebody looks; slower while that fails too. */
export class HttpPoller {
  private cancelNext: (() => void) | undefined
  private polling = false
  private failures = 0
  private offs: (() => void)[] = []

  constructor(private readonly deps: HttpPollerDeps) {}

  start(): void {
    this.offs = [this.deps.socket.changed.on(() => this.arm()), this.deps.page.onChange(() => this.arm())]
    this.arm()
  }

  stop(): void {
    for (const off of this.offs) off()
    this.offs = []
    this.disarm()
  }

  /** Something changed for the better: ask soon. */
  hurry(): void {
    this.failures = 0
    this.disarm()
    this.arm()
  }

  private disarm(): void {
    this.cancelNext?.()
    this.cancelNext = undefined
  }

  private arm(): void {
    const { socket, page, clock, random } = this.deps
    if (this.offs.length === 0 || socket.connected || socket.downSince === undefined || !page.isVisible()) {
      this.disarm()
      return
    }
    if (this.cancelNext !== undefined || this.polling) return
    const delayMs = Math.min(slowestMs, pollMs * 2 ** this.failures)
    this.cancelNext = clock.after(delayMs * (0.75 + random() / 2), () => void this.poll())
  }

  private async poll(): Promise<void> {
    this.cancelNext = undefined
    this.polling = true
    try {
      await this.deps.poll()
      this.failures = 0
    } catch {
      this.failures = Math.min(this.failures + 1, 10) // the monitor shows it, by HttpReach
    }
    this.polling = false
    this.arm()
  }
}
