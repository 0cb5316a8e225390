import type { PresenceMap } from '@/contracts/presence'
import type { Logger } from '../shared/Logger'
import type { DeliveryQueue } from './ports'

/**
 * Has it noted for webhooks who comes and goes, as far as this process notices it. Nothing is promised of that: it happens in
 * no transaction, and whoever is connected to two processes, or was away, may come twice. While no webhook wants to know, it
 * costs nothing.
 */
export class PresenceWebhooks {
  private isWanted = false

  constructor(
    private readonly queue: Pick<DeliveryQueue, 'wantsPresence' | 'notePresence'>,
    private readonly logger: Logger,
  ) {}

  /** To be called when webhooks may have changed. */
  async look(): Promise<void> {
    this.isWanted = await this.queue.wantsPresence()
  }

  /** Never throws. */
  note(presence: PresenceMap): void {
    if (!this.isWanted) return
    for (const [userId, { isOnline, lastSeen, away }] of Object.entries(presence)) {
      // Who is away has not gone. What was noted last is not remembered: it may have been another process that noted it.
      if (away) continue
      this.queue.notePresence(userId, { isOnline, lastSeen }).catch((error: unknown) => {
        this.logger.warn('somebody came or went, and no webhook is told', { error })
      })
    }
  }
}
