import type { Clock } from '@/client/runtime/clock'

/** Lets everything that is ready now run: promises, and IndexedDB, which answers in tasks of its own. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** Time that passes only when the test says so. */
export class TestClock implements Clock {
  private time = 1_000_000
  private readonly timers = new Set<{ at: number; run: () => void }>()

  now(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run }
    this.timers.add(timer)
    return () => {
      this.timers.delete(timer)
    }
  }

  /** Runs what becomes due, in order, and all that follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms
    await settled()
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.timers.delete(next)
      this.time = Math.max(this.time, next.at)
      next.run()
      await settled()
    }
    this.time = end
  }

  private next(end: number) {
    return [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }
}
