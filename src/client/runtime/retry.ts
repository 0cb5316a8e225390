import { AppError } from '@/contracts/errors'
import type { Random } from './clock'
import { isFinal } from './errors'
import type { Runtime } from './runtime'

const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 30_000

/** Exponential back-off with full jitter: anything up to 1 s after the first failure (`failures` 0), doubling up to 30 s. */
export const backoffMs = (failures: number, random: Random): number =>
  random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 10))

export interface RetryOptions extends Pick<Runtime, 'clock' | 'random' | 'wake' | 'signal'> {
  /** Whether trying again cannot help. Default: the server said no for good. */
  until?: (error: unknown) => boolean
}

/**
 * Does `work` until it succeeds. After a failure it waits for the back-off, or as long as the server asks (30 s at most),
 * and not at all once `wake` says that something works again. Work that takes long says with `progress` that it got
 * somewhere: the wait after it is short again.
 *
 * @throws the last failure, when it was final or `signal` has been aborted.
 */
export const retry = async <Result>(
  work: (progress: () => void) => Promise<Result>,
  { clock, random, wake, signal, until = isFinal }: RetryOptions,
): Promise<Result> => {
  let failures = 0
  let endWait = () => {}
  const progress = () => {
    failures = 0
  }
  const hurry = () => {
    progress()
    endWait()
  }
  const off = wake.on(hurry)
  signal.addEventListener('abort', hurry)
  try {
    for (;;) {
      try {
        return await work(progress)
      } catch (error) {
        if (signal.aborted || until(error)) throw error
        const askedMs = error instanceof AppError ? (error.retryAfterMs ?? 0) : 0
        const delayMs = Math.max(backoffMs(failures, random), Math.min(askedMs, LONGEST_DELAY_MS))
        failures += 1
        await new Promise<void>((resolve) => {
          const cancel = clock.after(delayMs, resolve)
          endWait = () => {
            cancel()
            resolve()
          }
        })
        if (signal.aborted) throw error
      }
    }
  } finally {
    off()
    signal.removeEventListener('abort', hurry)
  }
}

/** Work that is asked for now and then, and retried. One at a time: what is asked for meanwhile is done once more after it. */
export class BackgroundTask {
  private asked = false
  private running = false

  /** @param work - as for `retry`; what it rejects with for good it has dealt with itself. */
  constructor(
    private readonly work: (progress: () => void) => Promise<void>,
    private readonly options: RetryOptions,
  ) {}

  request(): void {
    this.asked = true
    if (!this.running) void this.run()
  }

  private async run(): Promise<void> {
    this.running = true
    while (this.asked && !this.options.signal.aborted) {
      await retry((progress) => {
        this.asked = false
        return this.work(progress)
      }, this.options).catch(() => undefined)
    }
    this.running = false
  }
}
