import type { Counter } from 'prom-client'

/**
 * A number that only grows, cheap to add to: the counter with its labels is brought up to date when somebody looks, not
 * with every message.
 */
export class Tally {
  private told = 0
  private count = 0

  constructor(private readonly counter: Counter.Internal) {}

  get value(): number {
    return this.count
  }

  add(amount = 1): void {
    this.count += amount
  }

  sync(): void {
    // Also with 0: a series that is there from the start can be compared with later.
    this.counter.inc(this.count - this.told)
    this.told = this.count
  }
}
