import { EventEmitter } from 'node:events'
import type { Announcing } from '@/lib/db/Announcing'
import { wasRolledBack } from '@/lib/db/errors'
import type { Announcement } from './announcements'

/** How long the announcement of a transaction in doubt may take, in milliseconds: longer than a frozen database stays. */
const DOUBT_MS = 120_000

interface TransactionEvents {
  /** A transaction's answer was lost, and yet this was announced: nobody has published it. */
  unanswered: [Announcement]
  /** A transaction that announced nothing has, or may have, committed in the last `forMs`, and others may not hear of it. */
  unheard: [outcome: 'committed' | 'in doubt', forMs: number]
}

/**
 * Names the transactions of this process in what they announce, so that their announcements can be told from those of
 * other processes. A change that was committed and answered has been published by its service. One whose answer was lost
 * (a connection reset, a frozen database) has not: its announcement, should it come, is then as good as another's.
 */
export class Transactions extends EventEmitter<TransactionEvents> implements Announcing {
  private counter = 0
  /** Transactions under way, with what was announced of them before their answer came. */
  private readonly underWay = new Map<string, Announcement[]>()
  /** Transactions whose answer was lost, with when that was. */
  private readonly inDoubt = new Map<string, number>()

  /**
   * @param process - unique among all processes.
   * @param isCarried - whether what is published now reaches the other processes without an announcement.
   */
  constructor(
    private readonly process: string,
    private readonly isCarried: () => boolean = () => false,
  ) {
    super()
  }

  /** The origin of what this process announces outside a transaction. */
  get own(): string {
    return `${this.process}#`
  }

  async transaction<T>(work: (name: string) => Promise<T>): Promise<T> {
    this.counter += 1
    const name = `${this.process}#${this.counter}`
    this.underWay.set(name, [])
    try {
      const answer = await work(name)
      this.underWay.delete(name)
      return answer
    } catch (error) {
      this.doubt(name)
      throw error
    }
  }

  async carriedTransaction<T>(work: (name: string | null, always: string) => Promise<T>): Promise<T> {
    if (!this.isCarried()) return this.transaction((name) => work(name, name))
    const begunAt = performance.now()
    try {
      const answer = await work(null, this.own)
      // The way to the others was cut meanwhile: nobody else hears of this.
      if (!this.isCarried()) this.emit('unheard', 'committed', performance.now() - begunAt)
      return answer
    } catch (error) {
      if (!wasRolledBack(error)) this.emit('unheard', 'in doubt', performance.now() - begunAt)
      throw error
    }
  }

  /** Whether this announcement concerns a change that our own services have published, or will when they are answered. */
  isPublishedHere(announcement: Announcement): boolean {
    if (!announcement.origin.startsWith(this.own)) return false
    if (this.inDoubt.has(announcement.origin)) return false
    this.underWay.get(announcement.origin)?.push(announcement)
    return true
  }

  private doubt(name: string): void {
    const announced = this.underWay.get(name) ?? []
    this.underWay.delete(name)
    const now = Date.now()
    for (const [old, since] of this.inDoubt) if (now - since > DOUBT_MS) this.inDoubt.delete(old)
    this.inDoubt.set(name, now)
    for (const announcement of announced) this.emit('unanswered', announcement)
  }
}
