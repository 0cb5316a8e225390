import type { SessionTokenData } from '@/contracts/auth'
import type { Clock } from './clock'

/** A token fetched in advance is used this long; it would be accepted for five minutes. */
const freshMs = 60_000

/** The tokens of one namespace: each for one handshake, and only the one asked for last counts. */
export class Tickets {
  private asked = 0
  private kept: { ticket: SessionTokenData; at: number } | undefined

  constructor(
    private readonly clock: Clock,
    private readonly ask: () => Promise<SessionTokenData>,
  ) {}

  /** Undefined when it was overtaken by a later call or by `cancel`; rejects likewise only when it still counts. */
  async fetch(): Promise<SessionTokenData | undefined> {
    this.asked += 1
    const mine = this.asked
    try {
      const ticket = await this.ask()
      return mine === this.asked ? ticket : undefined
    } catch (error) {
      if (mine === this.asked) throw error
      return undefined
    }
  }

  /** For the next handshake. */
  keep(ticket: SessionTokenData): void {
    this.kept = { ticket, at: this.clock.now() }
  }

  /** What was kept, once, and only while it is fresh. */
  take(): SessionTokenData | undefined {
    const { kept } = this
    this.kept = undefined
    return kept !== undefined && this.clock.now() - kept.at < freshMs ? kept.ticket : undefined
  }

  cancel(): void {
    this.asked += 1
  }
}
