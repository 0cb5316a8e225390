import { setTimeout as pause } from 'node:timers/promises'
import { AppError, errorTable } from '@/contracts/errors'
import type { Permission } from '@/contracts/permissions'
import { toAppError } from '@/lib/pipeline/errorHandler'
import type { Subscription } from '../Connections'
import { asAppError, type RequestContext } from '../RequestContext'

/** What may wait for a reader, in items and in bytes; whoever is slower reads the rest from the database. */
const MOST_WAITING = 200
const MOST_WAITING_BYTES = 256_000
const FIRST_BACKOFF_MS = 1_000
const LONGEST_BACKOFF_MS = 30_000

/** Who waits for the next one: GraphQL asks for one at a time. */
interface Taker<Item> {
  resolve(result: IteratorResult<Item>): void
  reject(error: AppError): void
}

/**
 * What a subscription gives, one after the other as it is asked for. Live events come by `hear`; `read` gets what is missing
 * from the database: at the beginning, when there is a hole, when the reader was too slow, and every half minute, in case no
 * event told of a change. What fails for a while is tried again; what is refused ends it.
 */
export abstract class Feed<Item> implements AsyncIterableIterator<Item>, Subscription {
  abstract readonly name: string
  abstract readonly permission: Permission
  private items: { item: Item; bytes: number }[] = []
  private waitingBytes = 0
  private taker: Taker<Item> | undefined
  private ended: { error: AppError | undefined } | undefined
  /** Something may be missing that nobody asked us for: looking for it counts against nobody's limit. */
  private isWanted = false
  /** The page before was not the last. */
  private hasMore = false
  private isReading = false
  /** The first reading has succeeded. */
  protected isOpen = false
  private stopListening: (() => void) | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly context: RequestContext) {}

  /** Reads once what is missing, and emits it. Resolves to whether there is more. What is heard meanwhile may be emitted first. */
  protected abstract read(context: RequestContext): Promise<boolean>
  /** Something happened to this person. */
  protected abstract hear(event: string, payload: unknown): void

  /** @throws what the first reading is refused with. */
  async open(): Promise<this> {
    const { deps, asker } = this.context
    const { connection } = asker
    if (!connection) {
      throw new AppError('BAD_REQUEST', { message: 'Subscribe over SSE (Accept: text/event-stream) or graphql-ws.' })
    }
    connection.add(this)
    // What is wanted meanwhile is read afterwards.
    this.isReading = true
    try {
      this.stopListening = await deps.taps.listen(connection.user, (event, payload) => {
        if (!this.ended) this.hear(event, payload)
      })
      this.hasMore = await this.read(this.context)
    } catch (error) {
      this.end(undefined)
      this.release()
      throw error
    }
    // The session may have ended meanwhile.
    if (this.ended) this.release()
    else {
      this.isReading = false
      this.isOpen = true
      this.lookAgain()
      void this.readAll()
    }
    return this
  }

  next(): Promise<IteratorResult<Item>> {
    const [first] = this.items.splice(0, 1)
    if (first) {
      this.waitingBytes -= first.bytes
      if (this.items.length === 0) void this.readAll()
      return Promise.resolve({ done: false, value: first.item })
    }
    const error = this.ended?.error
    if (error) {
      this.ended = { error: undefined }
      return Promise.reject(error)
    }
    if (this.ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.taker = { resolve, reject }
    })
  }

  /** Nobody listens any more. */
  return(): Promise<IteratorResult<Item>> {
    this.items = []
    this.end(undefined)
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** What was emitted before is still given. */
  end(error: AppError | undefined): void {
    if (this.ended) return
    this.ended = { error }
    this.release()
    const { taker } = this
    this.taker = undefined
    if (!taker) return
    if (error) {
      this.ended = { error: undefined }
      taker.reject(error)
    } else taker.resolve({ done: true, value: undefined })
  }

  protected emit(item: Item): void {
    if (this.ended) return
    const { taker } = this
    this.taker = undefined
    if (taker) taker.resolve({ done: false, value: item })
    else {
      // As Node keeps text that is not Latin.
      const bytes = 2 * JSON.stringify(item).length
      this.items.push({ item, bytes })
      this.waitingBytes += bytes
    }
  }

  /** Whether so much waits for the reader that nothing more is to be emitted. */
  protected get isFull(): boolean {
    return this.items.length >= MOST_WAITING || this.waitingBytes >= MOST_WAITING_BYTES
  }

  /** Something is missing: it is read as soon as there is room for it. */
  protected want(): void {
    this.isWanted = true
    void this.readAll()
  }

  private async readAll(): Promise<void> {
    if (this.isReading) return
    this.isReading = true
    let backoffMs = FIRST_BACKOFF_MS
    while ((this.isWanted || this.hasMore) && !this.ended && !this.isFull) {
      const { hasMore } = this
      this.isWanted = false
      try {
        this.hasMore = await this.read(hasMore ? this.context : this.context.uncounted)
        backoffMs = FIRST_BACKOFF_MS
      } catch (thrown) {
        const error = toAppError(asAppError(thrown))
        if (!errorTable[error.code].retryable) return this.end(error)
        this.isWanted = true
        await pause(Math.max(error.retryAfterMs ?? 0, backoffMs * (0.5 + Math.random())), undefined, { ref: false })
        backoffMs = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2)
      }
    }
    this.isReading = false
  }

  private lookAgain(): void {
    this.timer = setTimeout(
      () => {
        this.want()
        this.lookAgain()
      },
      this.context.deps.lookAgainMs() * (1 + Math.random() / 5),
    ).unref()
  }

  private release(): void {
    clearTimeout(this.timer)
    this.stopListening?.()
    this.context.asker.connection?.subscriptions.delete(this)
  }
}
