import type { WireError } from '@/contracts/errors'
import { CoalescedRead } from './CoalescedRead'
import { wireFromError } from './errors'
import { BackgroundTask } from './retry'
import type { Runtime } from './runtime'
import { Store } from './Store'

/** What may have changed is read again at once, but at most so often. */
const READ_EVERY_MS = 1_000

/** What a page knows of a value of the server; with both, the value is what was read before. */
export interface ServerView<T> {
  /** Undefined until it was read. */
  value: T | undefined
  /** Why it could not be read just now. */
  error: WireError | undefined
}

/** Something that the server keeps for this person, as this page last read it. Nothing is asked before somebody wants it. */
export class ServerValue<T> {
  readonly view = new Store<ServerView<T>>(() => ({ value: this.shown(), error: this.error }))
  private value: T | undefined
  private error: WireError | undefined
  private isWanted = false
  private readAt = Number.NEGATIVE_INFINITY
  private isDue = false
  /** What is shown already and was not read yet, and whether it was carried out. */
  private readonly pending = new Map<(value: T) => T, boolean>()
  private lastWrite: Promise<unknown> = Promise.resolve()
  private readonly reading = new CoalescedRead(() => this.read())
  private readonly renewing: BackgroundTask

  constructor(
    private readonly runtime: Runtime,
    private readonly ask: () => Promise<T>,
  ) {
    this.renewing = new BackgroundTask(() => this.reading.now(), runtime)
  }

  /** From now on it is known and kept current. */
  want(): void {
    if (this.isWanted) return
    this.isWanted = true
    this.renewing.request()
  }

  /** As soon as it is known; undefined where it cannot be read. */
  async known(): Promise<T | undefined> {
    this.want()
    // What is known to be of before is no answer.
    if (this.isDue) await this.reading.now().catch(() => this.renewing.request())
    else if (this.value === undefined) await this.reading.idle()
    return this.shown()
  }

  /** It may have changed. */
  outdated(): void {
    if (!this.isWanted || this.isDue) return
    this.isDue = true
    const { clock } = this.runtime
    clock.after(Math.max(0, this.readAt + READ_EVERY_MS - clock.now()), () => {
      if (this.isDue) this.renewing.request()
    })
  }

  /** As it is from now on; rejects when it cannot be read. */
  renew(): Promise<void> {
    return this.reading.now()
  }

  /**
   * Shows a change at once. It is carried out after those before it, so that the last one holds; when that fails it is shown
   * no more, and this rejects.
   */
  async change(change: (value: T) => T, carryOut: () => Promise<unknown>): Promise<void> {
    this.pending.set(change, false)
    this.view.invalidate()
    const written = this.lastWrite.then(carryOut)
    this.lastWrite = written.catch(() => undefined)
    try {
      await written
    } catch (error) {
      this.pending.delete(change)
      this.view.invalidate()
      throw error
    }
    this.pending.set(change, true)
    this.outdated()
  }

  private shown(): T | undefined {
    if (this.value === undefined) return undefined
    return [...this.pending.keys()].reduce<T>((value, change) => change(value), this.value)
  }

  private async read(): Promise<void> {
    this.readAt = this.runtime.clock.now()
    this.isDue = false
    const carriedOut = [...this.pending].filter(([, isCarriedOut]) => isCarriedOut)
    try {
      this.value = await this.ask()
      this.error = undefined
      // What was carried out later may be missing in it.
      for (const [change] of carriedOut) this.pending.delete(change)
    } catch (error) {
      this.error = wireFromError(error)
      throw error
    } finally {
      this.view.invalidate()
    }
  }
}
