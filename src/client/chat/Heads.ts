import type { Head } from '@/contracts/chat'
import { limitedForMs } from '../outbox/SendLimit'
import type { Clock } from '../transport/clock'
import { NoAnswer } from '../transport/errors'
import { type ClientLog, isAway, type Page } from '../transport/ports'
import type { ChatLink } from '../transport/SocketClient'
import { ackTimeoutMs } from '../transport/sendCommand'
import type { RoomBook } from './RoomBook'

export interface HeadsDeps {
  clock: Clock
  log: ClientLog
  page: Page
  book: RoomBook
  link: Pick<ChatLink, 'call' | 'connected' | 'abandon'>
  catchUp: { request(roomIds: Iterable<string>): void }
  /** A time by the database's clock at which the list was not read yet; undefined while it is not loaded. */
  listAsOf(): string | undefined
  /** Reads the first page of the list again; rejects when that fails. */
  refreshList(): Promise<void>
}

/** The engine's own heartbeat asks every 25 s anyway; a timer is needed only for sooner. */
const heartbeatMs = 25_000

/** Compares what this page has with the heads that `ping` answers, so that a loss nobody noticed heals. */
export class Heads {
  private asOf: string | undefined
  private asking = false
  private askAgain = false
  private cancelNext: (() => void) | undefined
  /** Heads of rooms that are not on the loaded part of the list, as last heard. */
  private elsewhere = new Map<string, number>()

  constructor(private readonly deps: HeadsDeps) {}

  stop(): void {
    this.cancelNext?.()
  }

  /** Asks now. Without an answer the connection is taken for dead if `mustAnswer`: after sleep it often only looks open. */
  async ask(mustAnswer = false): Promise<void> {
    const { link, log } = this.deps
    if (!link.connected) return
    if (this.asking) {
      this.askAgain = true
      return
    }
    this.asking = true
    this.askAgain = false
    this.cancelNext?.()
    try {
      const asOf = this.asOf ?? this.deps.listAsOf()
      const away = isAway(this.deps.page)
      const answer = await link.call('ping', asOf === undefined ? { away } : { asOf, away }, ackTimeoutMs)
      if (answer.nextPingMs < heartbeatMs) {
        this.cancelNext = this.deps.clock.after(answer.nextPingMs, () => void this.ask())
      }
      await this.compare(answer.rooms)
      // Only now: had comparing failed, the next question would have to reach as far back as this one.
      this.asOf = answer.asOf
    } catch (error) {
      log.warn('[Socket:/chat] Asking for heads failed', { error: String(error) })
      const limitedMs = limitedForMs(error)
      if (limitedMs !== undefined) this.cancelNext = this.deps.clock.after(limitedMs, () => void this.ask())
      if (mustAnswer && error instanceof NoAnswer && error.reason === 'timeout') link.abandon()
    } finally {
      this.asking = false
    }
    if (this.askAgain) await this.ask()
  }

  private async compare(heads: Record<string, Head>): Promise<void> {
    const { book, catchUp } = this.deps
    const known = Object.entries(heads).filter(([roomId]) => book.get(roomId) !== undefined)
    const loadedBehind = known.filter(([roomId, head]) => book.get(roomId)?.isLoaded && this.isBehind(roomId, head))
    catchUp.request(loadedBehind.map(([roomId]) => roomId))

    const elsewhere = new Map(
      Object.entries(heads).flatMap(([roomId, { lastRev }]) =>
        book.get(roomId) === undefined ? [[roomId, lastRev] as const] : [],
      ),
    )
    const isNews = [...elsewhere].some(([roomId, lastRev]) => this.elsewhere.get(roomId) !== lastRev)
    const rowsBehind = known.filter(([roomId, head]) => !book.get(roomId)?.isLoaded && this.isBehind(roomId, head))
    // Rows are one request for many rooms, whatever they have missed. What is too far down the list catches up by itself.
    if (rowsBehind.length > 0 || isNews) await this.deps.refreshList()
    this.elsewhere = elsewhere
    catchUp.request(rowsBehind.filter(([roomId, head]) => this.isBehind(roomId, head)).map(([roomId]) => roomId))
  }

  private isBehind(roomId: string, head: Head): boolean {
    return this.deps.book.get(roomId)?.isBehind(head) ?? false
  }
}
