import { AppError } from '@/contracts/errors'

export interface GroupCommitOptions<Item, Outcome> {
  /** Stores a batch in one transaction; answers one outcome an item, in order. */
  commit: (batch: readonly Item[]) => Promise<readonly Outcome[]>
  /** Most items in one batch. */
  maxBatch: number
  /** Most items that may wait; beyond it `add` rejects with OVERLOADED. */
  maxQueue: number
  /**
   * How long an item may wait for its batch, in milliseconds; then `add` rejects with TIMEOUT and it is not stored. While
   * the oldest has waited half as long, `add` rejects with OVERLOADED: who comes now would hardly be answered in time, and
   * storing what nobody waits for any more leaves less for the others.
   */
  maxWaitMs: number
  /** How long a batch waits for more items before it is taken, in milliseconds; absent: not at all. */
  lingerMs?: number
  /** Told of every batch when its transaction ended, well or not; never throws. */
  onBatch?: ((size: number, durationMs: number) => void) | undefined
  now?: () => number
}

interface Waiting<Item, Outcome> {
  item: Item
  deadline: number
  resolve: (outcome: Outcome) => void
  reject: (error: Error) => void
}

/**
 * Group commit: while one batch is being committed, further items queue and the next batch takes them all. An item alone
 * is committed at once, so nothing is added at low load; at high load a transaction is shared by hundreds. Outcomes are
 * told in the order of the batches.
 */
export class GroupCommit<Item, Outcome> {
  private queue: Waiting<Item, Outcome>[] = []
  private draining = false
  private readonly whenIdle: (() => void)[] = []
  private readonly now: () => number

  constructor(private readonly options: GroupCommitOptions<Item, Outcome>) {
    this.now = options.now ?? Date.now
  }

  /**
   * Resolves when the item's transaction has committed. A rejection with TIMEOUT or OVERLOADED says that this item was
   * not stored; any other rejection leaves it open (the same item may be added again: the store knows its identity).
   */
  add(item: Item): Promise<Outcome> {
    const { maxQueue, maxWaitMs } = this.options
    const now = this.now()
    const [oldest] = this.queue
    const isLate = oldest !== undefined && oldest.deadline - now < maxWaitMs / 2
    if (isLate || this.queue.length >= maxQueue) return Promise.reject(new AppError('OVERLOADED'))
    return new Promise((resolve, reject) => {
      this.queue.push({ item, deadline: now + maxWaitMs, resolve, reject })
      if (!this.draining) void this.drain()
    })
  }

  /** How many items wait for the transaction before them. */
  get waiting(): number {
    return this.queue.length
  }

  /** Resolves when everything added so far is settled. */
  idle(): Promise<void> {
    return this.draining ? new Promise((resolve) => this.whenIdle.push(resolve)) : Promise.resolve()
  }

  private async drain(): Promise<void> {
    this.draining = true
    const { lingerMs } = this.options
    let settle = () => {}
    while (this.queue.length > 0) {
      if (lingerMs !== undefined) {
        settle()
        await new Promise((resolve) => setTimeout(resolve, lingerMs))
      }
      const batch = this.takeLive(this.queue.splice(0, this.options.maxBatch))
      if (batch.length === 0) continue
      const committing = this.commit(batch)
      // The store works on this batch while what follows from the one before it takes this process's time: a pool of
      // connections hands it over in the next tick. In the same turn still, so that nothing happens before it is told.
      await new Promise<void>((resolve) => process.nextTick(resolve))
      settle()
      settle = await committing
    }
    settle()
    // In the same turn as the look at the queue: what is added from now on starts anew.
    this.draining = false
    for (const resolve of this.whenIdle.splice(0)) resolve()
  }

  private takeLive(taken: Waiting<Item, Outcome>[]): Waiting<Item, Outcome>[] {
    const now = this.now()
    const expired = taken.filter((waiting) => waiting.deadline <= now)
    for (const waiting of expired) waiting.reject(new AppError('TIMEOUT'))
    return expired.length === 0 ? taken : taken.filter((waiting) => waiting.deadline > now)
  }

  /** Resolves when its transaction has ended, with what tells those who wait. */
  private async commit(batch: readonly Waiting<Item, Outcome>[]): Promise<() => void> {
    const started = performance.now()
    let settle: () => void
    try {
      const outcomes = await this.options.commit(batch.map(({ item }) => item))
      settle = () =>
        batch.forEach(({ resolve, reject }, index) => {
          const outcome = outcomes[index]
          if (outcome === undefined)
            reject(new AppError('INTERNAL', { cause: 'the batch has no answer for this item' }))
          else resolve(outcome)
        })
    } catch (error) {
      const reason = error instanceof Error ? error : new AppError('INTERNAL', { cause: error })
      settle = () => {
        for (const { reject } of batch) reject(reason)
      }
    }
    this.options.onBatch?.(batch.length, performance.now() - started)
    return settle
  }
}
