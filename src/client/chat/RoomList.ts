import { chatQueries, type Room, type RoomsPage } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import { CoalescedRead } from '../runtime/CoalescedRead'
import { wireFromError } from '../runtime/errors'
import { retry } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'

export interface RoomListDeps {
  transport: Transport
  /** Rows to adopt. */
  adopt(rooms: Room[]): void
  /** The first page is there for the first time. */
  loaded(): void
  /** `status`, `error` or `hasMore` changed. */
  changed(): void
}

/** One page of the list, latest first. */
export const listRooms = (transport: Transport, cursor: string | null = null): Promise<RoomsPage> =>
  transport.call(chatQueries.listRooms, cursor === null ? {} : { cursor })

/** The pages of the list of conversations. */
export class RoomList {
  status: 'loading' | 'ready' | 'error' = 'loading'
  error: WireError | undefined
  /** The latest change that the first answer knew of: whatever it missed happened after that. */
  asOf: string | undefined
  private nextCursor: string | null = null
  private readonly firstPage = new CoalescedRead(() => this.readFirstPage())
  private loadingMore: Promise<void> | undefined

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: RoomListDeps,
  ) {}

  /** The first page is being read, as it was when the question came. */
  get isReading(): boolean {
    return this.firstPage.isUnderWay
  }

  get hasMore(): boolean {
    return this.nextCursor !== null
  }

  /** Loads the first page, and goes on trying until it is there. */
  load(): void {
    // What it failed with for good is shown.
    retry(() => this.refresh(), this.runtime).catch(() => undefined)
  }

  /** Reads the latest conversations again; rejects when that fails. */
  refresh(): Promise<void> {
    return this.firstPage.now()
  }

  async loadMore(): Promise<void> {
    if (this.nextCursor === null) return
    this.loadingMore ??= this.readPage(this.nextCursor).finally(() => {
      this.loadingMore = undefined
    })
    await this.loadingMore
  }

  private async readFirstPage(): Promise<void> {
    const { transport, adopt, changed, loaded } = this.deps
    const isFirst = this.status !== 'ready'
    try {
      const page = await listRooms(transport)
      if (this.runtime.signal.aborted) return
      // Later pages stay where they were: their cursor still points behind them.
      if (isFirst) {
        this.nextCursor = page.nextCursor
        this.asOf = page.rooms[0]?.updatedAt
      }
      this.status = 'ready'
      this.error = undefined
      adopt(page.rooms)
      changed()
      if (isFirst) loaded()
    } catch (error) {
      if (isFirst && !this.runtime.signal.aborted) {
        this.status = 'error'
        this.error = wireFromError(error)
        changed()
      }
      throw error
    }
  }

  private async readPage(cursor: string): Promise<void> {
    const page = await listRooms(this.deps.transport, cursor)
    if (this.runtime.signal.aborted) return
    this.nextCursor = page.nextCursor
    this.deps.adopt(page.rooms)
    this.deps.changed()
  }
}
