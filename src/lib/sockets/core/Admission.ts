import pLimit, { type LimitFunction } from 'p-limit'
import { AppError } from '@/contracts/errors'

export interface AdmissionOptions {
  /** Handshakes that are worked on at the same time. */
  concurrency: number
  /** How long a handshake may have to wait for its turn, in milliseconds; who would wait longer comes back later. */
  maxWaitMs: number
}

/** How much the newest handshake counts in what one takes on average. */
const NEWEST = 0.1
/** Handshakes that may wait, however fast they are. */
const MOST_WAITING = 5_000
/** Nobody is sent away for longer, in milliseconds: a database that was slow may be fast again. */
const MOST_PATIENCE_MS = 20_000
/** What one takes before any was seen, in milliseconds. */
const FIRST_GUESS_MS = 10

/**
 * The way in, so that thousands of clients who return at once are not all begun and none finished. Some are let in at a time,
 * some wait; the rest are told when there will be room, each a little differently.
 */
export class Admission {
  private readonly limit: LimitFunction
  private averageMs = FIRST_GUESS_MS

  constructor(private readonly options: AdmissionOptions) {
    this.limit = pLimit(options.concurrency)
  }

  /** @throws AppError OVERLOADED with `retryAfterMs`, before anything was done. */
  async run<T>(handshake: () => Promise<T>): Promise<T> {
    const waitMs = (this.limit.pendingCount * this.averageMs) / this.options.concurrency
    if (waitMs > this.options.maxWaitMs || this.limit.pendingCount >= MOST_WAITING) {
      throw new AppError('OVERLOADED', {
        message: 'Many people are connecting at this moment.',
        retryAfterMs: Math.ceil(Math.min(MOST_PATIENCE_MS, Math.max(waitMs, 1_000)) * (0.5 + Math.random())),
      })
    }
    return this.limit(() => this.timed(handshake))
  }

  private async timed<T>(handshake: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    const result = await handshake()
    // Those that are refused end early, and say nothing of what letting somebody in takes.
    this.averageMs += NEWEST * (performance.now() - begun - this.averageMs)
    return result
  }
}
