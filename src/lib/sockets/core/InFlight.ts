/** Counts work that has begun, so that a shutdown can let it end. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>()

  async run<T>(work: () => Promise<T>): Promise<T> {
    const promise = work()
    this.running.add(promise)
    try {
      return await promise
    } finally {
      this.running.delete(promise)
    }
  }

  /** Resolves when nothing runs any more, work that began meanwhile included. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running)
  }
}
