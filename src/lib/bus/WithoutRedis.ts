import type { Logger } from '@/services/shared/Logger'

export interface WithoutRedisDeps {
  /** Asks whether other processes use Redis; resolves to whether they could be asked. */
  ask: () => Promise<boolean>
  /** Tells the other processes not to rely on Redis for some seconds; never rejects. */
  announceDoubt: () => Promise<unknown>
  /** Looks for what was missed in the last `forMs` milliseconds. */
  look: (forMs: number) => Promise<void>
  logger: Logger
}

/** How often the others are told, in milliseconds: oftener than a doubt counts for. */
const REPEAT_MS = 2_000
/** Whoever uses Redis says so at least this often while somebody doubts it, in milliseconds; then they are gone. */
const FORGET_MS = 45_000

/**
 * A process that was given no REDIS_URL, beside others that were: what they send each other by Redis would pass it by. It
 * makes them announce in the database for as long as they are there, and tells the operator.
 */
export class WithoutRedis {
  private readonly startedAt = performance.now()
  private heardAt = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private asking: ReturnType<typeof setTimeout> | undefined
  private isStopped = false

  constructor(private readonly deps: WithoutRedisDeps) {}

  /** It listens from now on: whoever uses Redis shall say so. */
  async begin(): Promise<void> {
    clearTimeout(this.asking)
    if (this.isStopped || (await this.deps.ask())) return
    this.asking = setTimeout(() => void this.begin(), REPEAT_MS)
  }

  /** Another process says that it uses Redis. */
  heardOfRedis(): void {
    this.heardAt = performance.now()
    if (this.timer !== undefined || this.isStopped) return
    this.deps.logger.warn(
      'other socket servers use Redis and this one does not: all of them go by the database. Give all the same REDIS_URL',
    )
    this.repeat()
    void this.deps.look(performance.now() - this.startedAt)
  }

  stop(): void {
    this.isStopped = true
    clearTimeout(this.timer)
    clearTimeout(this.asking)
  }

  private repeat(): void {
    if (performance.now() - this.heardAt > FORGET_MS) {
      this.timer = undefined
      return
    }
    this.timer = setTimeout(() => this.repeat(), REPEAT_MS)
    void this.deps.announceDoubt()
  }
}
