import pLimit, { type LimitFunction } from 'p-limit'
import { AppError } from '@/contracts/errors'

export interface TurnsOptions {
  /** Calls of one line that are worked on at the same time. */
  atOnce: number
  /** Calls of one line that may wait. */
  mostWaiting: number
  /** Who had to wait longer has given up, in milliseconds. */
  maxWaitMs: number
}

interface Line {
  turns: LimitFunction
  /** Under way or waiting. */
  calls: number
}

/** When somebody who found their line full is to come back, in milliseconds. */
const COME_BACK_MS = 1_000

/**
 * One line for each person: whoever reads very much at once waits for themselves, and leaves the database to others. Of
 * those who ask like people do nobody waits.
 */
export class Turns {
  private readonly lines = new Map<string, Line>()

  constructor(private readonly options: TurnsOptions) {}

  /** @throws AppError RATE_LIMITED (the line is full) or TIMEOUT (it took too long), before anything was done. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const { atOnce, mostWaiting, maxWaitMs } = this.options
    const line = this.lines.get(key) ?? { turns: pLimit(atOnce), calls: 0 }
    if (line.calls >= atOnce + mostWaiting) {
      throw new AppError('RATE_LIMITED', { message: 'You ask for too much at once.', retryAfterMs: COME_BACK_MS })
    }
    line.calls += 1
    this.lines.set(key, line)
    const begun = performance.now()
    try {
      return await line.turns(async () => {
        if (performance.now() - begun > maxWaitMs) throw new AppError('TIMEOUT')
        return work()
      })
    } finally {
      line.calls -= 1
      if (line.calls === 0) this.lines.delete(key)
    }
  }

  /** Lines that are not empty. */
  get size(): number {
    return this.lines.size
  }
}
