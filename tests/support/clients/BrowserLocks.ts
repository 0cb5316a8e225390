interface Waiting {
  tab: object
  grant(): void
}

interface Held {
  tab: object
  /** Ends the holder's hold early: its tab is closed, or somebody steals the lock. */
  lose(reason: Error): void
}

/** The Web Locks of one browser profile: exclusive locks by name, among tabs of one Node process. */
export class BrowserLocks {
  private readonly held = new Map<string, Held>()
  private readonly queues = new Map<string, Waiting[]>()

  /** What `navigator.locks` is in that tab. */
  of(tab: object): LockManager {
    const request = (
      name: string,
      ...rest: [LockOptions, LockGrantedCallback<unknown>] | [LockGrantedCallback<unknown>]
    ) => {
      const [options, work] = rest.length === 2 ? rest : [{}, rest[0]]
      return this.request(tab, name, options, work)
    }
    // Overloads and `query`, of which the product uses one and none.
    return { request } as unknown as LockManager
  }

  /** The browser lets go of everything a closed tab held or waited for. */
  closeTab(tab: object): void {
    for (const [name, queue] of this.queues) {
      this.queues.set(
        name,
        queue.filter((waiting) => waiting.tab !== tab),
      )
    }
    for (const held of [...this.held.values()]) {
      if (held.tab === tab) held.lose(new Error('The tab was closed.'))
    }
  }

  private async request(
    tab: object,
    name: string,
    { signal, steal, ifAvailable }: LockOptions,
    work: LockGrantedCallback<unknown>,
  ): Promise<unknown> {
    if (ifAvailable && this.held.has(name)) return await work(null)
    if (steal) this.held.get(name)?.lose(new DOMException('The lock was stolen.', 'AbortError'))
    else if (this.held.has(name)) await this.turn(tab, name, signal)
    return await this.hold(tab, name, work)
  }

  private turn(tab: object, name: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(name) ?? []
      this.queues.set(name, queue)
      const waiting = { tab, grant: resolve }
      queue.push(waiting)
      signal?.addEventListener('abort', () => {
        this.queues.set(
          name,
          (this.queues.get(name) ?? []).filter((other) => other !== waiting),
        )
        reject(new DOMException('Waiting was called off.', 'AbortError'))
      })
    })
  }

  private async hold(tab: object, name: string, work: LockGrantedCallback<unknown>): Promise<unknown> {
    let held: Held | undefined
    const lost = new Promise<never>((_, reject) => {
      held = { tab, lose: reject }
      this.held.set(name, held)
    })
    try {
      return await Promise.race([work({ name, mode: 'exclusive' }), lost])
    } finally {
      // Unless it was stolen: then it is somebody else's by now.
      if (this.held.get(name) === held) {
        this.held.delete(name)
        this.queues.get(name)?.shift()?.grant()
      }
    }
  }
}
