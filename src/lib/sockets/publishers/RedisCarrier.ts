import type { Logger } from '@/services/shared/Logger'

export interface RedisCarrierDeps {
  link: {
    readonly isUp: boolean
    readonly silenceMs: number
    onDown(listener: () => void): void
    onUp(listener: () => void): void
  }
  /** Others say by NOTIFY when they are deaf: without hearing that, Redis is not to be trusted. */
  isListening: () => boolean
  /** Tells the other processes that this one is deaf (NOTIFY); rejects when the database does not answer. */
  announceDeaf: (forMs: number) => Promise<void>
  /** Looks for what was missed in the last `forMs` milliseconds. */
  look: (forMs: number) => Promise<void>
  logger: Logger
}

/** How often a process that is deaf says so, in milliseconds, and how long that counts for the others. */
const REPEAT_MS = 2_000
const COUNTS_FOR_MS = 5_000
/** Transactions that had begun before others heard of it may commit this much later, in milliseconds. */
const STRAGGLERS_MS = 4_000
/** When a transaction in doubt is looked for, in milliseconds: it may take as long to commit as a frozen database stays. */
const DOUBT_MS = [1_000, 10_000, 30_000]

/**
 * Whether messages may travel between processes by Redis alone. As soon as one process finds that its way to Redis is
 * cut, all of them announce what they change in the database until it is heard no more, and look once for what was
 * published into the void. So a Redis that dies, freezes or loses one process costs seconds, never a message.
 */
export class RedisCarrier {
  private othersDeafUntil = 0
  private repeat: ReturnType<typeof setTimeout> | undefined
  private readonly doubts = new Set<ReturnType<typeof setTimeout>>()

  constructor(private readonly deps: RedisCarrierDeps) {
    deps.link.onDown(() => this.deaf())
    deps.link.onUp(() => this.hearing())
  }

  isCarrying(): boolean {
    return this.deps.link.isUp && this.deps.isListening() && performance.now() > this.othersDeafUntil
  }

  /** Another process said that it is deaf. */
  othersDeaf(forMs: number): void {
    this.othersDeafUntil = performance.now() + COUNTS_FOR_MS
    if (forMs > 0) void this.deps.look(forMs)
  }

  /** A transaction of this process that announced nothing may have committed unheard, `sinceMs` milliseconds ago at most. */
  suspect(sinceMs: number): void {
    if (this.doubts.size > 0) return // what is planned looks far enough back
    for (const delayMs of DOUBT_MS) {
      const timer = setTimeout(() => {
        this.doubts.delete(timer)
        this.tell(sinceMs + delayMs)
      }, delayMs)
      this.doubts.add(timer)
    }
  }

  stop(): void {
    clearTimeout(this.repeat)
    for (const timer of this.doubts) clearTimeout(timer)
    this.doubts.clear()
  }

  private deaf(): void {
    this.tell(this.deps.link.silenceMs)
    this.repeat = setTimeout(() => this.stillDeaf(STRAGGLERS_MS), REPEAT_MS)
  }

  private stillDeaf(forMs: number): void {
    this.tell(forMs)
    this.repeat = setTimeout(() => this.stillDeaf(0), REPEAT_MS)
  }

  private hearing(): void {
    clearTimeout(this.repeat)
    // What was published between our last pulse and our subscription is nowhere else.
    void this.deps.look(STRAGGLERS_MS)
  }

  /** Both at once: the others announce from now on, and everybody looks for what was missed. */
  private tell(forMs: number): void {
    if (forMs > 0) void this.deps.look(forMs)
    this.deps.announceDeaf(Math.ceil(forMs)).catch((error: unknown) => {
      this.deps.logger.debug('the other processes could not be told that Redis is down', { error })
    })
  }
}
