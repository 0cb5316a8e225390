import { WORKER_PATH } from '@/contracts/shell'
import type { CurrentUser } from '@/contracts/users'
import type { ChatStore } from '../chat/ChatStore'
import type { LocalText } from '../runtime/localText'
import type { Runtime } from '../runtime/runtime'
import { keepRooms, ownCopy, readRooms } from './database'
import { COPY_MARK } from './forgetCopy'

/** So many of the latest conversations are kept. */
const MOST_ROOMS = 20
/** What has changed is written down at most so often. */
const WRITE_EVERY_MS = 2_000

export interface CopyKeeperDeps {
  chat: Pick<ChatStore, 'list' | 'snapshots' | 'restore'>
  localText: LocalText
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
  /** Conversations as they were written down. */
  private readonly written = new Map<string, unknown>()
  private isWaiting = false
  private userId: string | undefined

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: CopyKeeperDeps,
  ) {}

  /** Shows what is kept of this person, where the server has not answered yet, and from now on keeps it current. */
  async start(person: CurrentUser): Promise<void> {
    await this.own(person)
    this.deps.chat.restore(await readRooms(person.id))
    if (this.runtime.signal.aborted) return
    this.userId = person.id
    this.deps.chat.list.subscribe(() => this.writeSoon())
    this.writeSoon()
    await this.deps.keepPage()
  }

  /** What is known of the person now. */
  async own(person: CurrentUser): Promise<void> {
    if (!this.deps.localText.write(COPY_MARK, 'kept')) throw new Error('The browser keeps nothing.')
    await ownCopy(person)
  }

  private writeSoon(): void {
    if (this.isWaiting) return
    this.isWaiting = true
    this.runtime.clock.after(WRITE_EVERY_MS, () => {
      this.isWaiting = false
      this.write().catch((error: unknown) => {
        this.runtime.log.warn('[Offline copy] Keeping conversations failed', { error: String(error) })
      })
    })
  }

  private async write(): Promise<void> {
    const { chat } = this.deps
    const { status, rooms } = chat.list.getSnapshot()
    if (status !== 'ready' || this.userId === undefined) return
    const latest = new Set(rooms.slice(0, MOST_ROOMS).map(({ id }) => id))
    const changed = chat.snapshots(MOST_ROOMS).filter(({ room }) => this.written.get(room.id) !== room)
    await keepRooms(this.userId, changed, latest)
    for (const { room } of changed) this.written.set(room.id, room)
  }
}
