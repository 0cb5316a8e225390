import { limits } from '@/contracts/limits'
import {
  type Notification,
  type NotificationsPage,
  notificationCommands,
  notificationQueries,
} from '@/contracts/notifications'
import { CoalescedRead } from '../runtime/CoalescedRead'
import { EventEmitter } from '../runtime/EventEmitter'
import { wireFromError } from '../runtime/errors'
import { Poller } from '../runtime/Poller'
import { BackgroundTask } from '../runtime/retry'
import { isAway, type Runtime } from '../runtime/runtime'
import { Store } from '../runtime/Store'
import type { NotificationsLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'
import type { ClearedIds } from './ClearedIds'
import { NotificationCache, type NotificationFilter } from './NotificationCache'
import { PendingRemovals } from './PendingRemovals'
import type { NotificationsActions, NotificationsView } from './view'

/** How often changes are asked for while there is no live connection and somebody looks. */
const POLL_MS = 10_000
/** The newest page; whoever scrolls back wants many. */
const FIRST_PAGE = 30

export interface NotificationStoreDeps {
  transport: Transport
  link: Pick<NotificationsLink, 'connected' | 'connectedNow' | 'downSince' | 'changed' | 'heartbeat' | 'on'>
  cleared: ClearedIds
}

/** A person's notifications on this page: loaded once, kept current by events, and read again when a head differs. */
export class NotificationStore implements NotificationsActions {
  readonly view = new Store(() => this.compose())
  /** A notification that was created just now; not those that were missed. */
  readonly arrived = new EventEmitter<[Notification]>()
  private readonly cache = new NotificationCache()
  private readonly removing: PendingRemovals
  private status: NotificationsView['status'] = 'loading'
  private error: NotificationsView['error']
  private readonly loadingMore: Record<NotificationFilter, Promise<void> | undefined> = {
    all: undefined,
    unread: undefined,
  }
  private readonly newest = new CoalescedRead(() => this.readNewest())
  /** Reads the newest page as it is from the request on, and goes on trying until that worked. */
  private readonly refreshing: BackgroundTask

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: NotificationStoreDeps,
  ) {
    this.removing = new PendingRemovals(runtime.clock, (id) => void this.removeNow(id))
    this.refreshing = new BackgroundTask(() => this.newest.now(), runtime)
  }

  start(): void {
    const { link } = this.deps
    const { page } = this.runtime
    link.on('newNotification', (notification) => this.receive(notification))
    link.on('notificationUpdate', (update) => this.apply(() => this.cache.update(update)))
    link.on('notificationDeleted', ({ id }) => this.apply(() => this.cache.delete(id)))
    link.on('notificationsRead', (swept) => this.apply(() => this.cache.sweepRead(swept)))
    link.on('notificationsCleared', (swept) => this.apply(() => this.cache.sweepAway(swept)))
    link.connectedNow.on(() => void this.compareHeads())
    link.heartbeat.on(() => void this.compareHeads())
    // Others see at once that nobody looks any more; `shown` tells the contrary.
    page.onChange(() => {
      if (!page.isVisible()) void this.compareHeads()
    })
    this.refreshing.request()
    new Poller(this.runtime, { link, everyMs: POLL_MS, poll: () => this.refreshIfChanged() }).start()
  }

  /** The page is looked at again. */
  shown(): void {
    if (this.deps.link.connected) void this.compareHeads()
    else this.refreshing.request()
  }

  async setRead(id: string, read: boolean): Promise<void> {
    await this.deps.transport.call(notificationCommands.markAsRead, { notificationId: id, read })
    this.refreshUnlessLive()
  }

  async markAllRead(): Promise<void> {
    await this.deps.transport.call(notificationCommands.markAllAsRead, undefined)
    this.refreshUnlessLive()
  }

  async clearAll(): Promise<void> {
    const { ids } = await this.deps.transport.call(notificationCommands.clearAll, undefined)
    this.deps.cleared.add(ids)
    this.view.invalidate()
    this.refreshUnlessLive()
  }

  remove(id: string): void {
    this.removing.add(id)
    this.view.invalidate()
  }

  undoRemove(id: string): void {
    this.removing.undo(id)
    this.view.invalidate()
  }

  /** Deletes at once what can still be undone: the page is about to go. */
  flushRemovals(): void {
    this.removing.flush()
  }

  loadMore(filter: NotificationFilter): Promise<void> {
    if (this.cache.nextCursor(filter) === null) return Promise.resolve()
    const loading = this.loadingMore[filter] ?? this.readOlder(filter)
    this.loadingMore[filter] = loading
    this.view.invalidate()
    return loading
  }

  /** Reads the newest page again; rejects when that fails. */
  reload(): Promise<void> {
    return this.newest.now()
  }

  private compose(): NotificationsView {
    return {
      status: this.status,
      error: this.error,
      notifications: this.shownOf(this.cache.all()),
      unreadAndBetween: this.shownOf(this.cache.unreadAndBetween()),
      removing: this.removing.ids,
      unread: Math.max(0, this.cache.unread - this.hiddenUnread()),
      hasMore: byFilter((filter) => this.cache.nextCursor(filter) !== null),
      loadingMore: byFilter((filter) => this.loadingMore[filter] !== undefined),
    }
  }

  private receive(notification: Notification): void {
    if (this.deps.cleared.has(notification.id)) return
    this.apply(() => this.cache.receive(notification))
    this.arrived.emit(notification)
  }

  /** An event. What it changes may not be known here; and a page on its way may predate it: then another is read. */
  private apply(change: () => unknown): void {
    const mayPredate = this.newest.isUnderWay
    const isKnown = change() !== false
    if (mayPredate || !isKnown) this.refreshing.request()
    this.view.invalidate()
  }

  private list(query: { cursor?: string; status?: 'unread'; sinceVersion?: number }): Promise<NotificationsPage> {
    const limit = query.cursor === undefined ? FIRST_PAGE : limits.notificationsPage
    return this.deps.transport.call(notificationQueries.listNotifications, { ...query, limit })
  }

  private async readNewest(): Promise<void> {
    try {
      const page = await this.list({})
      if (this.runtime.signal.aborted) return
      this.cache.adoptFirstPage(page)
      this.status = 'ready'
      this.error = undefined
    } catch (error) {
      this.runtime.log.warn('[Socket:/notifications] Loading failed', { error: String(error) })
      if (this.status !== 'ready') {
        this.status = 'error'
        this.error = wireFromError(error)
      }
      throw error
    } finally {
      this.view.invalidate()
    }
  }

  private async readOlder(filter: NotificationFilter): Promise<void> {
    try {
      let page: NotificationsPage
      let edition: number
      do {
        edition = this.cache.edition
        const cursor = this.cache.nextCursor(filter)
        if (cursor === null) return
        page = await this.list({ cursor, ...(filter === 'unread' ? { status: filter } : {}) })
        // What changed older ones meanwhile is not in a page that was read before: it is read again.
      } while (this.cache.edition !== edition)
      this.cache.adoptOlderPage(filter, page)
    } finally {
      this.loadingMore[filter] = undefined
      this.view.invalidate()
    }
  }

  /** The server has just answered: whatever waits because it failed before is tried now. */
  private refreshNow(): void {
    this.refreshing.request()
    this.runtime.wake.emit()
  }

  private refreshUnlessLive(): void {
    if (!this.deps.link.connected) this.refreshNow()
  }

  private async compareHeads(): Promise<void> {
    const { link, transport } = this.deps
    if (!link.connected) return
    try {
      const before = this.cache.version
      const { notifications } = await transport.call(notificationCommands.ping, { away: isAway(this.runtime.page) })
      await this.newest.idle()
      const { version, unread } = this.cache
      // What came while the question was on its way moved our version: beyond the answer, perhaps. The next heads compare again.
      const differs = version === before && (version !== notifications.version || unread !== notifications.unread)
      if (version < notifications.version || differs) this.refreshNow()
    } catch (error) {
      this.runtime.log.warn('[Socket:/notifications] Asking for heads failed', { error: String(error) })
    }
  }

  /** What is loaded stays as it is, however far back, while nothing changed. */
  private async refreshIfChanged(): Promise<void> {
    const { version } = await this.list({ sinceVersion: this.cache.version })
    if (this.status !== 'ready' || version !== this.cache.version) await this.newest.now()
  }

  private async removeNow(id: string): Promise<void> {
    try {
      await this.deps.transport.call(notificationCommands.deleteNotification, { notificationId: id })
    } catch (error) {
      this.runtime.log.warn('[Socket:/notifications] Deleting failed; it is shown again', { error: String(error) })
    }
    this.removing.settle(id)
    this.view.invalidate()
    this.refreshUnlessLive()
  }

  private shownOf(known: Notification[]): Notification[] {
    if (this.removing.isEmpty && this.deps.cleared.isEmpty) return known
    return known.filter(({ id }) => !this.removing.has(id) && !this.deps.cleared.has(id))
  }

  private hiddenUnread(): number {
    if (this.removing.isEmpty) return 0
    return this.cache.unreadAndBetween().filter(({ id, status }) => status === 'unread' && this.removing.has(id)).length
  }
}

const byFilter = <T>(of: (filter: NotificationFilter) => T): Record<NotificationFilter, T> => ({
  all: of('all'),
  unread: of('unread'),
})
