import { AppError } from '@/contracts/errors'

interface Waiting {
  deadline: number
  expire: () => void
}

/**
 * Rejects with TIMEOUT what is not done in `ms` milliseconds. The work itself goes on: a message that is stored after its
 * sender was told TIMEOUT is found again by its clientId when the sender retries.
 *
 * All may take equally long, so they expire in the order in which they came, and one timer serves them all: a timer for each
 * command is one of the dearest things a command has.
 */
export class Timeout {
  /** In the order of their deadlines. */
  private readonly waiting = new Set<Waiting>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly ms: number) {}

  run<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const one = { deadline: performance.now() + this.ms, expire: () => reject(new AppError('TIMEOUT')) }
      this.waiting.add(one)
      this.timer ??= this.wake(this.ms)
      work.then(
        (result) => {
          this.waiting.delete(one)
          resolve(result)
        },
        (error: unknown) => {
          this.waiting.delete(one)
          reject(error)
        },
      )
    })
  }

  private wake(afterMs: number): ReturnType<typeof setTimeout> {
    // What it would tell somebody goes with the process: it need not keep it.
    return setTimeout(() => this.expire(), afterMs).unref()
  }

  private expire(): void {
    const now = performance.now()
    this.timer = undefined
    for (const one of this.waiting) {
      if (one.deadline > now) {
        this.timer = this.wake(one.deadline - now)
        return
      }
      this.waiting.delete(one)
      one.expire()
    }
  }
}
