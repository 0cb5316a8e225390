import type { RedisLink } from '@/lib/redis/RedisLink'
import type { Logger } from '@/services/shared/Logger'

export interface RedisCarrierDeps {
  link: Pick<RedisLink, 'isUp' | 'silenceMs' | 'on'>
  /** Others say by NOTIFY when they doubt Redis: without hearing that, it is not to be trusted. */
  isListening: () => boolean
  /** Tells the other processes (NOTIFY) that Redis is not to be trusted; never rejects. */
  announceDoubt: (forMs: number) => Promise<unknown>
  /** Looks for what was missed in the last `forMs` milliseconds. */
  look: (forMs: number) => Promise<void>
  logger: Logger
}

/** How often a process that is cut off says so, in milliseconds, and how long that counts for everybody. */
const REPEAT_MS = 2_000
const COUNTS_FOR_MS = 5_000
/** Transactions that had begun before others heard of it may commit this much later, in milliseconds. */
const STRAGGLERS_MS = 4_000
/** When a transaction in doubt is looked for, in milliseconds: it may take as long to commit as a frozen database stays. */
const DOUBT_MS = [1_000, 10_000, 30_000]
/** What is to be told within this time is told together, in milliseconds. */
const TOGETHER_MS = 200

/**
 * Whether messages may travel between processes by Redis alone. As soon as one process finds that its way to Redis is
 * cut, all of them announce what they change in the database until it works again, and look for what was published into
 * the void. So a Redis that dies, freezes or loses one process costs seconds, never a message.
 */
export class RedisCarrier {
  private doubtedUntil = 0
  private repeat: ReturnType<typeof setTimeout> | undefined
  /** What is still to be told: when, and since when something may have been missed (by `performance.now`). */
  private planned: { dueAt: number; since: number }[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(private readonly deps: RedisCarrierDeps) {
    deps.link.on('down', () => this.cutOff())
    deps.link.on('up', () => this.linked())
    deps.link.on('gap', () => this.plan(TOGETHER_MS, deps.link.silenceMs))
  }

  isCarrying(): boolean {
    return this.deps.link.isUp && this.deps.isListening() && performance.now() > this.doubtedUntil
  }

  /** Another process cannot rely on Redis. */
  doubted(forMs: number): void {
    this.doubtedUntil = performance.now() + COUNTS_FOR_MS
    if (forMs > 0) void this.deps.look(forMs)
  }

  /** A transaction of this process that announced nothing has, or may have, committed unheard in the last `forMs`. */
  unheard(outcome: 'committed' | 'in doubt', forMs: number): void {
    for (const delayMs of outcome === 'committed' ? [TOGETHER_MS] : DOUBT_MS) this.plan(delayMs, forMs)
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.repeat)
    clearTimeout(this.timer)
  }

  private cutOff(): void {
    if (this.stopped) return
    this.tell(this.deps.link.silenceMs)
    clearTimeout(this.repeat)
    this.repeat = setTimeout(() => this.stillCutOff(STRAGGLERS_MS), REPEAT_MS)
  }

  private stillCutOff(forMs: number): void {
    this.tell(forMs)
    this.repeat = setTimeout(() => this.stillCutOff(0), REPEAT_MS)
  }

  /** Others may have published until they heard that it was cut off, and commit later still: they look again, too. */
  private linked(): void {
    if (this.stopped || this.repeat === undefined) return // for the first time nothing was missed
    clearTimeout(this.repeat)
    this.tell(STRAGGLERS_MS)
    this.plan(REPEAT_MS, STRAGGLERS_MS)
  }

  private plan(delayMs: number, forMs: number): void {
    if (this.stopped) return
    const now = performance.now()
    const wish = { dueAt: now + delayMs, since: now - forMs }
    const same = this.planned.find(({ dueAt }) => dueAt >= wish.dueAt && dueAt - wish.dueAt < TOGETHER_MS)
    if (same) same.since = Math.min(same.since, wish.since)
    else this.planned.push(wish)
    this.timer ??= setTimeout(() => this.tellDue(), TOGETHER_MS / 2)
  }

  private tellDue(): void {
    const now = performance.now()
    const due = this.planned.filter(({ dueAt }) => dueAt <= now)
    this.planned = this.planned.filter(({ dueAt }) => dueAt > now)
    if (due.length > 0) this.tell(now - Math.min(...due.map(({ since }) => since)))
    this.timer = this.planned.length > 0 ? setTimeout(() => this.tellDue(), TOGETHER_MS / 2) : undefined
  }

  /** Everybody announces from now on, and looks for what was missed. */
  private tell(forMs: number): void {
    this.doubted(forMs)
    void this.deps.announceDoubt(Math.ceil(forMs))
  }
}
