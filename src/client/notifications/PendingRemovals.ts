import type { Clock } from '../runtime/clock'

/** How long a removal can be undone. */
export const UNDO_MS = 6_000

/** What the person removed and can still bring back. */
export class PendingRemovals {
  private readonly timers = new Map<string, () => void>()

  /** @param remove - deletes it for good; it stays in here until `settle`. */
  constructor(
    private readonly clock: Clock,
    private readonly remove: (id: string) => void,
  ) {}

  /** Oldest first. */
  get ids(): string[] {
    return [...this.timers.keys()]
  }

  get isEmpty(): boolean {
    return this.timers.size === 0
  }

  has(id: string): boolean {
    return this.timers.has(id)
  }

  /** Deletes it after `UNDO_MS`. */
  add(id: string): void {
    if (this.timers.has(id)) return
    const cancel = this.clock.after(UNDO_MS, () => this.remove(id))
    this.timers.set(id, cancel)
  }

  undo(id: string): void {
    this.timers.get(id)?.()
    this.timers.delete(id)
  }

  /** Deletes at once what can still be undone: the page is about to go. */
  flush(): void {
    for (const [id, cancel] of this.timers) {
      cancel()
      this.remove(id)
    }
  }

  /** It is deleted, or could not be and is shown again. */
  settle(id: string): void {
    this.timers.delete(id)
  }
}
