import type { Logger } from '@/services/shared/Logger'
import type { TicketRegister } from '@/services/users/ports'

/** How often used tickets that are dead are forgotten, in milliseconds. */
const INTERVAL_MS = 60_000

/** Forgets dead tickets now and then. Every process does: that there are several costs nothing. */
export class TicketPurge {
  private timer: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly tickets: Pick<TicketRegister, 'purge'>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.purge(), INTERVAL_MS)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async purge(): Promise<void> {
    try {
      await this.tickets.purge()
    } catch (error) {
      this.logger.warn('used tickets could not be forgotten', { error })
    }
  }
}
