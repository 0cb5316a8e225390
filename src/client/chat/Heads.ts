import { chatCommands, type Head } from '@/contracts/chat'
import { limitedForMs, NoAnswer } from '../runtime/errors'
import { isAway, type Runtime } from '../runtime/runtime'
import type { ChatLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'
import type { RoomCache } from './RoomCache'

export interface HeadsDeps {
  transport: Transport
  cache: RoomCache
  link: Pick<ChatLink, 'connected' | 'abandon'>
  catchUp: { request(roomIds: Iterable<string>): void }
  /** A time by the database's clock at which the list was not read yet; undefined while it is not loaded. */
  listAsOf(): string | undefined
  /** Reads the first page of the list again; rejects when that fails. */
  refreshList(): Promise<void>
}

/** The engine's own heartbeat asks every 25 s anyway; a timer is needed only for sooner. */
const HEARTBEAT_MS = 25_000

/** Compares what this page has with the heads that `ping` answers, so that a loss nobody noticed heals. */
export class Heads {
  private asOf: string | undefined
  private asking = false
  private askAgain = false
  /** Whether what is asked again must be answered. */
  private againMustAnswer = false
  private cancelNext = () => {}
  /** Heads of rooms that are not on the loaded part of the list, as last heard. */
  private elsewhere = new Map<string, number>()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: HeadsDeps,
  ) {}

  /** Asks now. Without an answer the connection is taken for dead if `mustAnswer`: after sleep it often only looks open. */
  async ask(mustAnswer = false): Promise<void> {
    const { link } = this.deps
    if (!link.connected) return
    if (this.asking) {
      this.askAgain = true
      this.againMustAnswer ||= mustAnswer
      return
    }
    this.asking = true
    this.askAgain = false
    this.againMustAnswer = false
    this.cancelNext()
    try {
      await this.askAndCompare()
    } catch (error) {
      this.runtime.log.warn('[Socket:/chat] Asking for heads failed', { error: String(error) })
      const limitedMs = limitedForMs(error)
      if (limitedMs !== undefined) this.askAfter(limitedMs)
      if (mustAnswer && error instanceof NoAnswer && error.reason !== 'disconnected') link.abandon()
    } finally {
      this.asking = false
    }
    if (this.askAgain) await this.ask(this.againMustAnswer)
  }

  private async askAndCompare(): Promise<void> {
    const since = this.asOf ?? this.deps.listAsOf()
    const question = { paged: true, away: isAway(this.runtime.page), ...(since === undefined ? {} : { asOf: since }) }
    const { asOf, nextPingMs, rooms, nextCursor } = await this.deps.transport.call(chatCommands.ping, question)
    if (nextPingMs < HEARTBEAT_MS) this.askAfter(nextPingMs)
    for (let cursor = nextCursor; cursor !== undefined; ) {
      const page = await this.deps.transport.call(chatCommands.ping, { ...question, cursor })
      Object.assign(rooms, page.rooms)
      cursor = page.nextCursor
    }
    await this.compare(rooms)
    // Only now: had anything failed, the next question would have to reach as far back as this one.
    this.asOf = asOf
  }

  private askAfter(ms: number): void {
    this.cancelNext = this.runtime.clock.after(ms, () => void this.ask())
  }

  private async compare(heads: Record<string, Head>): Promise<void> {
    const { cache, catchUp } = this.deps
    const known = Object.entries(heads).filter(([roomId]) => cache.get(roomId) !== undefined)
    const loadedBehind = known.filter(([roomId, head]) => cache.get(roomId)?.isLoaded && this.isBehind(roomId, head))
    catchUp.request(loadedBehind.map(([roomId]) => roomId))

    const elsewhere = new Map(
      Object.entries(heads).flatMap(([roomId, { lastRev }]) =>
        cache.get(roomId) === undefined ? [[roomId, lastRev] as const] : [],
      ),
    )
    const isNews = [...elsewhere].some(([roomId, lastRev]) => this.elsewhere.get(roomId) !== lastRev)
    const rowsBehind = known.filter(([roomId, head]) => !cache.get(roomId)?.isLoaded && this.isBehind(roomId, head))
    // Rows are one request for many rooms, whatever they have missed. What is too far down the list catches up by itself.
    if (rowsBehind.length > 0 || isNews) await this.deps.refreshList()
    this.elsewhere = elsewhere
    catchUp.request(rowsBehind.filter(([roomId, head]) => this.isBehind(roomId, head)).map(([roomId]) => roomId))
  }

  private isBehind(roomId: string, head: Head): boolean {
    return this.deps.cache.get(roomId)?.isBehind(head) ?? false
  }
}
