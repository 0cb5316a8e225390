import type { MetricsSnapshot } from '@/contracts/admin'
import type { Clock } from '../runtime/clock'

/** How often the figures are asked for over HTTP. */
const POLL_EVERY_MS = 10_000
/** How long the live connection may be away before: a reload or a restart passes by unnoticed. */
const POLL_AFTER_MS = 3_000

export interface HttpPollingDeps {
  clock: Clock
  /** Rejects when nobody answers, or may not. */
  read(): Promise<MetricsSnapshot>
  /** Figures came. */
  onSnapshot(snapshot: MetricsSnapshot): void
  /** The last attempt failed. */
  onFailure(): void
}

/** Asks for the figures over HTTP, again and again from `begin` to `end`. */
export class HttpPolling {
  private cancelNext: (() => void) | undefined
  /** Counts beginnings, so that an answer from before an end is known as such. */
  private run = 0

  constructor(private readonly deps: HttpPollingDeps) {}

  begin(): void {
    if (this.cancelNext === undefined) this.plan(POLL_AFTER_MS)
  }

  end(): void {
    this.run += 1
    this.cancelNext?.()
    this.cancelNext = undefined
  }

  private plan(ms: number): void {
    this.cancelNext = this.deps.clock.after(ms, () => void this.poll(this.run))
  }

  private async poll(run: number): Promise<void> {
    const snapshot = await this.deps.read().catch(() => undefined)
    if (run !== this.run) return
    if (snapshot) this.deps.onSnapshot(snapshot)
    else this.deps.onFailure()
    this.plan(POLL_EVERY_MS)
  }
}
