import type { ChatMessage } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import type { Clock, Random } from '../transport/clock'
import { isFinal, isSignedOut } from '../transport/errors'
import { Patience } from '../transport/Patience'
import type { Outbox } from './Outbox'
import type { OutboxEntry } from './OutboxStore'
import { limitedForMs, type SendLimit } from './SendLimit'

export interface RoomSenderDeps {
  outbox: Outbox
  clock: Clock
  random: Random
  /** Nothing is tried while it says so. */
  limit: Pick<SendLimit, 'open'>
  /** Resolves with the stored message, from wherever it became known; rejects as the ladder does. */
  send(entry: OutboxEntry): Promise<ChatMessage>
  /** Bounds how many attempts of all rooms are under way. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>
  sent(message: ChatMessage): Promise<void>
  failed(entry: OutboxEntry, error: AppError): Promise<void>
  /** The attempt failed for now (true), or one succeeded again (false). */
  troubled(troubled: boolean): void
}

type Outcome = { next: 'more' | 'empty' | 'pause' } | { next: 'later'; afterMs: number }

/**
 * Sends what waits for one room, oldest first, one at a time: the next goes out when the one before is acknowledged or has
 * failed for good. The lock is held for one attempt, not while waiting, so a tab that falls asleep blocks nobody for long.
 */
export class RoomSender {
  private running = false
  private again = false
  private stopped = false
  private readonly patience: Patience

  constructor(
    private readonly roomId: string,
    private readonly deps: RoomSenderDeps,
  ) {
    this.patience = new Patience(deps.clock, deps.random)
  }

  /** Something was added, here or in another tab. */
  kick(): void {
    this.again = true
    if (!this.running) void this.run()
  }

  /** Connections work again: what waits is tried now. */
  hurry(): void {
    this.patience.reset()
    this.patience.hurry()
    this.kick()
  }

  stop(): void {
    this.stopped = true
    this.patience.hurry()
  }

  private async run(): Promise<void> {
    this.running = true
    while (this.again && !this.stopped) {
      await this.deps.limit.open()
      this.again = false
      const outcome = await this.deps.outbox
        .lock(this.roomId, () => this.attempt())
        .catch((): Outcome => {
          // The lock was taken over by another tab: it may have sent this already, so look again after a while.
          return { next: 'later', afterMs: 0 }
        })
      if (outcome.next === 'later') await this.patience.wait(outcome.afterMs)
      if (outcome.next === 'more' || outcome.next === 'later') this.again = true
    }
    this.running = false
  }

  private async attempt(): Promise<Outcome> {
    const { outbox, inTurn, send, sent, failed, troubled } = this.deps
    const entry = await outbox.use((store) => store.next(this.roomId))
    if (entry === undefined || this.stopped) return { next: 'empty' }
    try {
      const message = await inTurn(() => send(entry))
      await sent(message)
    } catch (error) {
      if (isSignedOut(error)) return { next: 'pause' }
      if (!isFinal(error)) {
        troubled(true)
        // Not a failure: the next round waits until the limit is over, however good the connection is.
        if (limitedForMs(error) !== undefined) return { next: 'more' }
        return { next: 'later', afterMs: error instanceof AppError ? (error.retryAfterMs ?? 0) : 0 }
      }
      await failed(entry, error)
    }
    this.patience.reset()
    troubled(false)
    return { next: 'more' }
  }
}
