import type { Change } from '@/services/shared/changes'

/** How long the announcement of a transaction in doubt may take, in milliseconds: longer than a frozen database stays. */
const DOUBT_MS = 120_000

export interface Carrier {
  /** Whether what is published now reaches the other processes without an announcement. */
  isCarrying(): boolean
  wasRolledBack(error: unknown): boolean
}

const nothingElse: Carrier = { isCarrying: () => false, wasRolledBack: () => false }

/**
 * Names the transactions of this process in what they announce, so that their announcements can be told from those of
 * other processes. A change that was committed and answered has been published by its service. One whose answer was lost
 * (a connection reset, a frozen database) has not: its announcement, should it come, is then as good as another's.
 */
export class ChangeOrigin {
  private counter = 0
  /** Transactions under way, with what was announced of them before their answer came. */
  private readonly underWay = new Map<string, Change[]>()
  /** Transactions whose answer was lost, with when that was. */
  private readonly inDoubt = new Map<string, number>()
  private publish: (change: Change) => void = () => {}
  private unheard: (outcome: 'committed' | 'in doubt', forMs: number) => void = () => {}

  /**
   * @param process - unique among all processes.
   * @param carrier - another way to the other processes, and how an error tells that its transaction was rolled back.
   */
  constructor(
    private readonly process: string,
    private readonly carrier: Carrier = nothingElse,
  ) {}

  /** Runs a transaction that announces its changes under the given name. */
  async announce<T>(transaction: (name: string) => Promise<T>): Promise<T> {
    this.counter += 1
    const name = `${this.process}#${this.counter}`
    this.underWay.set(name, [])
    try {
      const answer = await transaction(name)
      this.underWay.delete(name)
      return answer
    } catch (error) {
      this.doubt(name)
      throw error
    }
  }

  /**
   * The same for a change that its service publishes to all processes itself while the carrier works: then it announces
   * nothing (the name is null).
   */
  async announceUnlessCarried<T>(transaction: (name: string | null) => Promise<T>): Promise<T> {
    if (!this.carrier.isCarrying()) return this.announce(transaction)
    const begunAt = performance.now()
    try {
      const answer = await transaction(null)
      // It stopped working meanwhile: nobody else hears of this.
      if (!this.carrier.isCarrying()) this.unheard('committed', performance.now() - begunAt)
      return answer
    } catch (error) {
      if (!this.carrier.wasRolledBack(error)) this.unheard('in doubt', performance.now() - begunAt)
      throw error
    }
  }

  /** What to do when a transaction that announced nothing has, or may have, committed unheard in the last `forMs`. */
  onUnheard(unheard: (outcome: 'committed' | 'in doubt', forMs: number) => void): void {
    this.unheard = unheard
  }

  /** The origin of what this process announces outside a transaction. */
  get own(): string {
    return `${this.process}#`
  }

  /** What to do with the changes of transactions whose answer was lost, if they were committed after all. */
  onUnanswered(publish: (change: Change) => void): void {
    this.publish = publish
  }

  /** Whether this announcement concerns a change that our own services have published, or will when they are answered. */
  isPublishedHere(change: Change): boolean {
    if (!change.origin.startsWith(`${this.process}#`)) return false
    if (this.inDoubt.has(change.origin)) return false
    this.underWay.get(change.origin)?.push(change)
    return true
  }

  private doubt(name: string): void {
    const announced = this.underWay.get(name) ?? []
    this.underWay.delete(name)
    const now = Date.now()
    for (const [old, since] of this.inDoubt) if (now - since > DOUBT_MS) this.inDoubt.delete(old)
    this.inDoubt.set(name, now)
    for (const change of announced) this.publish(change)
  }
}
