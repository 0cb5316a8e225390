import { type Clock, systemClock } from '@/client/runtime/clock'

/** The clock of a laptop: while it sleeps nothing runs, and what became due runs when it wakes. */
export class SleepyClock implements Clock {
  private isAsleep = false
  private due = new Set<() => void>()

  now(): number {
    return systemClock.now()
  }

  after(ms: number, run: () => void): () => void {
    const cancel = systemClock.after(ms, () => {
      if (this.isAsleep) this.due.add(run)
      else run()
    })
    return () => {
      cancel()
      this.due.delete(run)
    }
  }

  sleep(): void {
    this.isAsleep = true
  }

  wake(): void {
    this.isAsleep = false
    const { due } = this
    this.due = new Set()
    for (const run of due) run()
  }
}
