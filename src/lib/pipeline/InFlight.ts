/** Counts work that has begun, so that a shutdown can let it end while what comes later is sent elsewhere. */
export class InFlight {
  private running = 0
  private draining = false
  private whenIdle: (() => void)[] = []

  get isDraining(): boolean {
    return this.draining
  }

  /** To be followed by `end`, whatever happens. */
  begin(): void {
    this.running += 1
  }

  end(): void {
    this.running -= 1
    if (this.running > 0) return
    for (const resolve of this.whenIdle.splice(0)) resolve()
  }

  /** Resolves when all that runs has ended. From now on `isDraining`. */
  drain(): Promise<void> {
    this.draining = true
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.whenIdle.push(resolve))
  }
}
