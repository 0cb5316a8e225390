import type { Room } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import type { Clock, Random } from '../transport/clock'
import { isFinal, wireFromError } from '../transport/errors'
import { Patience } from '../transport/Patience'
import type { ChatApi } from './chatApi'
import { FreshRead } from './FreshRead'

export interface RoomListDeps {
  clock: Clock
  random: Random
  api: ChatApi
  /** Rows to adopt. */
  adopt(rooms: Room[]): void
  /** The first page is there for the first time. */
  loaded(): void
  /** `status`, `error` or `hasMore` changed. */
  changed(): void
}

/** The pages of the list of conversations. */
export class RoomList {
  status: 'loading' | 'ready' | 'error' = 'loading'
  error: WireError | undefined
  /** The latest change that the first answer knew of: whatever it missed happened after that. */
  asOf: string | undefined
  private nextCursor: string | null = null
  private readonly firstPage = new FreshRead(() => this.readFirstPage())
  private loadingMore: Promise<void> | undefined
  private retrying = false
  private stopped = false
  private readonly patience: Patience

  constructor(private readonly deps: RoomListDeps) {
    this.patience = new Patience(deps.clock, deps.random)
  }

  get hasMore(): boolean {
    return this.nextCursor !== null
  }

  stop(): void {
    this.stopped = true
    this.patience.hurry()
  }

  hurry(): void {
    this.patience.reset()
    this.patience.hurry()
  }

  /** Loads the first page, and goes on trying until it is there. */
  async load(): Promise<void> {
    if (this.retrying) return
    this.retrying = true
    while (!this.stopped) {
      const error = await this.refresh().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error === undefined || isFinal(error)) break
      await this.patience.wait()
    }
    this.retrying = false
  }

  /** Reads the latest conversations again; rejects when that fails. */
  refresh(): Promise<void> {
    return this.firstPage.now()
  }

  loadMore(): Promise<void> {
    const cursor = this.nextCursor
    if (cursor === null) return Promise.resolve()
    this.loadingMore ??= this.readPage(cursor).finally(() => {
      this.loadingMore = undefined
    })
    return this.loadingMore
  }

  private async readFirstPage(): Promise<void> {
    const isFirst = this.status !== 'ready'
    try {
      const page = await this.deps.api.listRooms()
      if (this.stopped) return
      // Later pages stay where they were: their cursor still points behind them.
      if (isFirst) {
        this.nextCursor = page.nextCursor
        this.asOf = page.rooms[0]?.updatedAt
      }
      this.status = 'ready'
      this.error = undefined
      this.patience.reset()
      this.deps.adopt(page.rooms)
      this.deps.changed()
      if (isFirst) this.deps.loaded()
    } catch (error) {
      if (isFirst && !this.stopped) {
        this.status = 'error'
        this.error = wireFromError(error)
        this.deps.changed()
      }
      throw error
    }
  }

  private async readPage(cursor: string): Promise<void> {
    const page = await this.deps.api.listRooms(cursor)
    if (this.stopped) return
    this.nextCursor = page.nextCursor
    this.deps.adopt(page.rooms)
    this.deps.changed()
  }
}
