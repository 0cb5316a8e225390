import type { Notification, NotificationsPage } from '@/contracts/notifications'
import { FreshRead } from '../chat/FreshRead'
import type { Clock, Random } from '../transport/clock'
import { isFinal, wireFromError } from '../transport/errors'
import { Patience } from '../transport/Patience'
import { type ClientLog, isAway, type Page } from '../transport/ports'
import { Signal } from '../transport/Signal'
import type { NotificationsLink } from '../transport/SocketClient'
import type { ClearedIds } from './clearedIds'
import { NotificationBook, type NotificationFilter } from './NotificationBook'
import type { NotificationsApi } from './notificationsApi'
import { PendingRemovals } from './PendingRemovals'
import type { NotificationsActions, NotificationsView } from './view'

/** How long the live connection may take to acknowledge before the same goes over HTTP. */
const ackMs = 5_000
/** How often changes are asked for while there is no live connection and somebody looks. */
const pollMs = 10_000

export interface NotificationStoreDeps {
  clock: Clock
  random: Random
  log: ClientLog
  link: Pick<NotificationsLink, 'call' | 'connected' | 'connectedNow' | 'heartbeat' | 'on' | 'start' | 'stop'>
  api: Pick<NotificationsApi, 'list' | 'setRead' | 'markAllRead' | 'remove' | 'clearAll'>
  page: Page
  cleared: ClearedIds
}

/** A person's notifications on this page: loaded once, kept current by events, and read again when a head differs. */
export class NotificationStore implements NotificationsActions {
  private readonly changed = new Signal()
  /** A notification that was created just now; not those that were missed. */
  readonly arrived = new Signal<[Notification]>()
  private readonly book = new NotificationBook()
  private readonly patience: Patience
  private readonly removing: PendingRemovals
  private status: NotificationsView['status'] = 'loading'
  private error: NotificationsView['error']
  private readonly loadingMore: Record<NotificationFilter, Promise<void> | undefined> = {
    all: undefined,
    unread: undefined,
  }
  private readonly newest = new FreshRead(() => this.readNewest())
  /** Something may have happened since the last read began. */
  private stale = false
  private refreshing = false
  private stopped = false
  private view: NotificationsView | undefined
  private offs: (() => void)[] = []
  private cancelPoll = () => {}

  constructor(private readonly deps: NotificationStoreDeps) {
    this.patience = new Patience(deps.clock, deps.random)
    this.removing = new PendingRemovals(deps.clock, (id) => void this.removeNow(id))
  }

  start(): void {
    const { link } = this.deps
    this.stopped = false
    this.offs = [
      link.on('newNotification', (notification) => this.receive(notification)),
      link.on('notificationUpdate', (update) => {
        this.apply(() => {
          if (!this.book.update(update)) this.refresh()
        })
      }),
      link.on('notificationDeleted', ({ id }) => {
        this.apply(() => {
          if (!this.book.delete(id)) this.refresh()
        })
      }),
      link.on('notificationsRead', (swept) => this.apply(() => this.book.sweepRead(swept))),
      link.on('notificationsCleared', (swept) => this.apply(() => this.book.sweepAway(swept))),
      link.connectedNow.on(() => void this.compareHeads()),
      link.heartbeat.on(() => void this.compareHeads()),
      // Others see at once that nobody looks any more; `wake` tells the contrary.
      this.deps.page.onChange(() => {
        if (!this.deps.page.isVisible()) void this.compareHeads()
      }),
    ]
    link.start()
    this.refresh()
    this.poll()
  }

  /** The page is looked at again. */
  wake(): void {
    if (this.deps.link.connected) void this.compareHeads()
    else this.refresh()
    this.patience.hurry()
  }

  /** The server answers again. */
  hurry(): void {
    this.patience.reset()
    this.patience.hurry()
  }

  /** For useSyncExternalStore, with `view`. */
  readonly subscribe = (listener: () => void): (() => void) => this.changed.on(listener)

  stop(): void {
    this.stopped = true
    this.cancelPoll()
    this.patience.hurry()
    for (const off of this.offs) off()
    this.flushRemovals()
    this.deps.link.stop()
  }

  /** The same object until something in it changes. */
  getSnapshot(): NotificationsView {
    this.view ??= {
      status: this.status,
      error: this.error,
      notifications: this.shown(this.book.all()),
      unreadAndBetween: this.shown(this.book.unreadAndBetween()),
      removing: this.removing.ids,
      unread: Math.max(0, this.book.unread - this.hiddenUnread()),
      hasMore: byFilter((filter) => this.book.nextCursor(filter) !== null),
      loadingMore: byFilter((filter) => this.loadingMore[filter] !== undefined),
    }
    return this.view
  }

  async setRead(id: string, read: boolean): Promise<void> {
    await this.either(
      () => this.deps.link.call('markAsRead', { notificationId: id, read }, ackMs),
      () => this.deps.api.setRead(id, read),
    )
    this.refreshUnlessLive()
  }

  async markAllRead(): Promise<void> {
    await this.either(
      () => this.deps.link.call('markAllAsRead', undefined, ackMs),
      () => this.deps.api.markAllRead(),
    )
    this.refreshUnlessLive()
  }

  async clearAll(): Promise<void> {
    const { ids } = await this.either(
      () => this.deps.link.call('clearAll', undefined, ackMs),
      () => this.deps.api.clearAll(),
    )
    this.deps.cleared.add(ids)
    this.touch()
    this.refreshUnlessLive()
  }

  remove(id: string): void {
    this.removing.add(id)
    this.touch()
  }

  undoRemove(id: string): void {
    this.removing.undo(id)
    this.touch()
  }

  /** Deletes at once what can still be undone: the page is about to go. */
  flushRemovals(): void {
    this.removing.flush()
  }

  loadMore(filter: NotificationFilter): Promise<void> {
    if (this.book.nextCursor(filter) === null) return Promise.resolve()
    const loading = this.loadingMore[filter] ?? this.readOlder(filter)
    this.loadingMore[filter] = loading
    this.touch()
    return loading
  }

  /** Reads the newest page again; rejects when that fails. */
  reload(): Promise<void> {
    return this.newest.now()
  }

  private receive(notification: Notification): void {
    if (this.deps.cleared.has(notification.id)) return
    this.apply(() => this.book.receive(notification))
    this.arrived.emit(notification)
  }

  /** An event; while a page is on its way it may predate the event, so another is read after it. */
  private apply(change: () => void): void {
    const mayPredate = this.newest.isUnderWay
    change()
    if (mayPredate) this.refresh()
    this.touch()
  }

  private async readNewest(): Promise<void> {
    try {
      const page = await this.deps.api.list()
      if (this.stopped) return
      this.book.adoptFirstPage(page)
      this.status = 'ready'
      this.error = undefined
      this.patience.reset()
    } catch (error) {
      if (this.status !== 'ready') {
        this.status = 'error'
        this.error = wireFromError(error)
      }
      throw error
    } finally {
      this.touch()
    }
  }

  private async readOlder(filter: NotificationFilter): Promise<void> {
    try {
      let page: NotificationsPage
      let edition: number
      do {
        edition = this.book.edition
        const cursor = this.book.nextCursor(filter)
        if (cursor === null) return
        page = await this.deps.api.list({ cursor, ...(filter === 'unread' ? { status: filter } : {}) })
        // What changed older ones meanwhile is not in a page that was read before: it is read again.
      } while (this.book.edition !== edition)
      this.book.adoptOlderPage(filter, page)
    } finally {
      this.loadingMore[filter] = undefined
      this.touch()
    }
  }

  /** Reads the newest page as it is from now on, and goes on trying until that worked. */
  private refresh(): void {
    this.stale = true
    if (!this.refreshing) void this.keepReading()
  }

  /** The same when the server has just answered: what failed before is not waited for. */
  private refreshNow(): void {
    this.refresh()
    this.patience.hurry()
  }

  private async keepReading(): Promise<void> {
    this.refreshing = true
    while (this.stale && !this.stopped) {
      this.stale = false
      try {
        await this.newest.now()
      } catch (error) {
        this.deps.log.warn('[Socket:/notifications] Loading failed', { error: String(error) })
        if (isFinal(error) || this.stopped) break
        this.stale = true
        await this.patience.wait()
      }
    }
    this.refreshing = false
  }

  private refreshUnlessLive(): void {
    if (!this.deps.link.connected) this.refreshNow()
  }

  private async compareHeads(): Promise<void> {
    if (!this.deps.link.connected) return
    try {
      const before = this.book.version
      const { notifications } = await this.deps.link.call('ping', { away: isAway(this.deps.page) }, ackMs)
      await this.newest.idle()
      const { version, unread } = this.book
      // What came while the question was on its way moved our version: beyond the answer, perhaps. The next heads compare again.
      const differs = version === before && (version !== notifications.version || unread !== notifications.unread)
      if (version < notifications.version || differs) this.refreshNow()
    } catch (error) {
      this.deps.log.warn('[Socket:/notifications] Asking for heads failed', { error: String(error) })
    }
  }

  /** Without a live connection, changes are asked for while somebody looks. */
  private poll(): void {
    this.cancelPoll = this.deps.clock.after(pollMs, () => {
      if (!this.deps.link.connected && this.deps.page.isVisible()) void this.reloadIfChanged()
      if (!this.stopped) this.poll()
    })
  }

  /** What is loaded stays as it is, however far back, while nothing changed. */
  private async reloadIfChanged(): Promise<void> {
    try {
      const { version } = await this.deps.api.list({ sinceVersion: this.book.version })
      if (this.status !== 'ready' || version !== this.book.version) this.refreshNow()
    } catch {
      // The next poll tries again.
    }
  }

  private async removeNow(id: string): Promise<void> {
    try {
      await this.either(
        () => this.deps.link.call('deleteNotification', { notificationId: id }, ackMs),
        () => this.deps.api.remove(id),
      )
    } catch (error) {
      this.deps.log.warn('[Socket:/notifications] Deleting failed; it is shown again', { error: String(error) })
    }
    this.removing.settle(id)
    this.touch()
    this.refreshUnlessLive()
  }

  /** Over the live connection, or over HTTP when that is away or does not answer. All of these may be repeated. */
  private async either<T>(overSocket: () => Promise<T>, overHttp: () => Promise<T>): Promise<T> {
    if (!this.deps.link.connected) return overHttp()
    try {
      return await overSocket()
    } catch (error) {
      if (isFinal(error)) throw error
      return overHttp()
    }
  }

  private shown(known: Notification[]): Notification[] {
    if (this.removing.isEmpty && this.deps.cleared.isEmpty) return known
    return known.filter(({ id }) => !this.removing.has(id) && !this.deps.cleared.has(id))
  }

  private hiddenUnread(): number {
    if (this.removing.isEmpty) return 0
    return this.book.unreadAndBetween().filter(({ id, status }) => status === 'unread' && this.removing.has(id)).length
  }

  private touch(): void {
    this.view = undefined
    this.changed.emit()
  }
}

const byFilter = <T>(of: (filter: NotificationFilter) => T): Record<NotificationFilter, T> => ({
  all: of('all'),
  unread: of('unread'),
})
