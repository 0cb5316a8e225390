import type { Page } from '@/client/runtime/runtime'

/** A page that is looked at all the time, and says when it is looked at again. */
export class VisiblePage implements Page {
  private readonly listeners = new Set<() => void>()

  isVisible(): boolean {
    return true
  }

  isOnline(): boolean {
    return true
  }

  onWake(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  onChange(): () => void {
    return () => {}
  }

  wake(): void {
    for (const listener of this.listeners) listener()
  }
}
