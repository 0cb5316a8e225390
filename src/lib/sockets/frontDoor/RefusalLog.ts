import type { Logger } from '@/services/shared/Logger'

/** What one line tells of, in milliseconds. */
const WINDOW_MS = 10_000
/** Addresses that are told apart in a window. */
const MOST_ADDRESSES = 1_000

/** One line a window says how many were refused and why, so that a flood of refusals never floods the log. */
export class RefusalLog {
  private reasons = new Map<string, number>()
  private addresses = new Map<string, number>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly logger: Logger) {}

  /** `reason`: one of few words, like an error's code. True for its first in this window. */
  note(reason: string, address: string): boolean {
    const before = this.reasons.get(reason) ?? 0
    this.reasons.set(reason, before + 1)
    const ofAddress = this.addresses.get(address)
    if (ofAddress !== undefined || this.addresses.size < MOST_ADDRESSES) {
      this.addresses.set(address, (ofAddress ?? 0) + 1)
    }
    this.timer ??= setTimeout(() => this.write(), WINDOW_MS).unref()
    return before === 0
  }

  /** Writes what has not been written yet. */
  write(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.reasons.size === 0) return
    const [busiest] = [...this.addresses].sort(([, one], [, other]) => other - one)
    this.logger.warn('connections were refused', {
      seconds: WINDOW_MS / 1_000,
      reasons: Object.fromEntries(this.reasons),
      addresses: this.addresses.size,
      busiestAddress: busiest?.[0],
      ofBusiestAddress: busiest?.[1],
    })
    this.reasons = new Map()
    this.addresses = new Map()
  }
}
