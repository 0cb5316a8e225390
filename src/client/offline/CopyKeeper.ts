import type { Room, RoomData } from '@/contracts/chat'
import { WORKER_PATH } from '@/contracts/shell'
import type { CurrentUser } from '@/contracts/users'
import type { ChatStore } from '../chat/ChatStore'
import type { Runtime } from '../runtime/runtime'
import { keepRooms, ownCopy, readRooms } from './database'

/** So many of the latest conversations are kept. */
const MOST_ROOMS = 20
/** What has changed is written down at once, but at most so often while the page stays. */
const WRITE_EVERY_MS = 2_000

export interface CopyKeeperDeps {
  chat: Pick<ChatStore, 'list' | 'isListed' | 'snapshots' | 'restore'>
  /** Has the browser keep the page itself. Rejects where it refuses. */
  keepPage(): Promise<void>
}

/** Has the browser install the service worker, which keeps the page, or look whether there is a newer one. */
export const keepPage = async (): Promise<void> => {
  await navigator.serviceWorker.register(WORKER_PATH)
}

/**
 * Keeps in this browser what a visit without a network shows: the newest messages of the latest conversations, of one
 * person at a time. Where the browser refuses, nothing is kept and nothing else is different.
 */
export class CopyKeeper {
  /** What this page knows to be kept: as it wrote it down last, or shows it from there; undefined: by another page. */
  private readonly kept = new Map<string, Room | undefined>()
  private writtenAt = Number.NEGATIVE_INFINITY
  /** Cancels the writing that is about to begin. */
  private cancelWrite: (() => void) | undefined
  private userId: string | undefined

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: CopyKeeperDeps,
  ) {}

  /**
   * From now on keeps what is known of this person's conversations.
   * @param restores - shows what is kept of them, where the server has not answered yet.
   */
  async start(person: CurrentUser, restores: boolean): Promise<void> {
    const { signal, page } = this.runtime
    for (const id of await ownCopy(person, signal)) this.kept.set(id, undefined)
    if (restores) this.restore(await readRooms(person.id))
    if (signal.aborted) return
    this.userId = person.id
    this.deps.chat.list.subscribe(() => this.writeSoon())
    // Hidden, or without a network: there may be no later.
    page.onChange(() => this.writeNow())
    this.writeSoon()
    await this.deps.keepPage()
  }

  /** What is known of the person now. */
  async own(person: CurrentUser): Promise<void> {
    await ownCopy(person, this.runtime.signal)
  }

  private restore(kept: RoomData[]): void {
    for (const { room } of kept) this.kept.set(room.id, room)
    this.deps.chat.restore(kept)
  }

  private writeSoon(): void {
    const { clock } = this.runtime
    const waitMs = Math.max(0, this.writtenAt + WRITE_EVERY_MS - clock.now())
    this.cancelWrite ??= clock.after(waitMs, () => this.writeNow())
  }

  /** What waits to be written. */
  private writeNow(): void {
    const { clock, log } = this.runtime
    if (this.cancelWrite === undefined) return
    this.cancelWrite()
    this.cancelWrite = undefined
    this.writtenAt = clock.now()
    this.write().catch((error: unknown) => {
      log.warn('[Offline copy] Keeping conversations failed', { error: String(error) })
    })
  }

  private async write(): Promise<void> {
    const { chat } = this.deps
    // What is restored is not the list: what is missing there may be kept all the same.
    if (!chat.isListed || this.userId === undefined) return
    const { rooms } = chat.list.getSnapshot()
    const latest = new Set(rooms.slice(0, MOST_ROOMS).map(({ id }) => id))
    const dropped = [...this.kept.keys()].filter((id) => !latest.has(id))
    const changed = chat.snapshots(MOST_ROOMS).flatMap((data) => {
      const { id, lastRev } = data.room
      const before = this.kept.get(id)
      if (before === data.room) return []
      // A database that was put back begins again further down: what this page itself has kept gives way then, and what
      // another has kept of a room that this page has just read.
      const keptByOther = before === undefined && this.kept.has(id)
      return [{ data, upToRev: keptByOther ? Number.POSITIVE_INFINITY : Math.max(lastRev, before?.lastRev ?? 0) }]
    })
    await keepRooms(this.userId, changed, dropped)
    for (const id of dropped) this.kept.delete(id)
    for (const id of latest) this.kept.set(id, this.kept.get(id))
    for (const { data } of changed) this.kept.set(data.room.id, data.room)
  }
}
