/** Counts work that has begun, so that a shutdown can let it end while what comes later is sent elsewhere. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>()
  private draining = false

  get isDraining(): boolean {
    return this.draining
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const promise = work()
    this.running.add(promise)
    try {
      return await promise
    } finally {
      this.running.delete(promise)
    }
  }

  /** Resolves when what runs now has ended. From now on `isDraining`. */
  async drain(): Promise<void> {
    this.draining = true
    await Promise.allSettled(this.running)
  }
}
