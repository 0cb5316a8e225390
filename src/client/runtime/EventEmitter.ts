/** The listeners of one kind of event. */
export class EventEmitter<Args extends unknown[] = []> {
  private readonly listeners = new Set<(...args: Args) => void>()

  /** The answer removes the listener again. */
  readonly on = (listener: (...args: Args) => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  emit(...args: Args): void {
    for (const listener of [...this.listeners]) listener(...args)
  }
}
