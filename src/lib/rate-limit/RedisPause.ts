import type { Logger } from '@/services/shared/Logger'

/** After a failure Redis is left alone for this long, in milliseconds. */
const PAUSE_MS = 2_000

/**
 * Decides whether Redis is worth asking. While it is dead, frozen or slow, one command every two seconds asks it; all
 * others are counted in this process and lose no time.
 */
export class RedisPause {
  private asksAgainAt = 0
  private isDown = false

  constructor(
    private readonly logger: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** True for who may ask now. While Redis is down, asking is one caller's turn at a time. */
  mayAsk(): boolean {
    if (!this.isDown) return true
    if (this.now() < this.asksAgainAt) return false
    this.asksAgainAt = this.now() + PAUSE_MS
    return true
  }

  failed(error: unknown): void {
    this.asksAgainAt = this.now() + PAUSE_MS
    if (this.isDown) return
    this.isDown = true
    this.logger.debug('Redis does not answer: each process counts rate limits alone until it does', { error })
  }

  answered(): void {
    if (!this.isDown) return
    this.isDown = false
    this.logger.debug('Redis answers again: rate limits are counted together')
  }
}
