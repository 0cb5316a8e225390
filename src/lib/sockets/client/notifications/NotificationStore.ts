import type { Notification } from '@/contracts/notifications'
import type { Clock, Random } from '../clock'
import { isFinal, wireFromError } from '../errors'
import { Patience } from '../Patience'
import { type ClientLog, isAway, type Page } from '../ports'
import { Signal } from '../Signal'
import type { NotificationsLink } from '../SocketClient'
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
  link: NotificationsLink
  api: NotificationsApi
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
  private loading: Promise<void> | undefined
  private stale = false
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
    this.patience.hurry()
    if (this.deps.link.connected) void this.compareHeads()
    else this.refresh()
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
    const cursor = this.book.nextCursor(filter)
    if (cursor === null) return Promise.resolve()
    const loading = this.loadingMore[filter] ?? this.readOlder(filter, cursor)
    this.loadingMore[filter] = loading
    this.touch()
    return loading
  }

  /** Reads the newest page again; rejects when that fails. Calls at the same time share one request. */
  reload(): Promise<void> {
    this.loading ??= this.readNewest().finally(() => {
      this.loading = undefined
    })
    return this.loading
  }

  private receive(notification: Notification): void {
    if (this.deps.cleared.has(notification.id)) return
    this.apply(() => this.book.receive(notification))
    this.arrived.emit(notification)
  }

  /** An event; while a page is on its way it may predate the event, so another is read after it. */
  private apply(change: () => void): void {
    change()
    if (this.loading !== undefined) this.stale = true
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

  private async readOlder(filter: NotificationFilter, cursor: string): Promise<void> {
    try {
      const page = await this.deps.api.list({ cursor, ...(filter === 'unread' ? { status: filter } : {}) })
      if (this.book.nextCursor(filter) === cursor) this.book.adoptOlderPage(filter, page)
    } finally {
      this.loadingMore[filter] = undefined
      this.touch()
    }
  }

  /** Reads again until it worked, and once more when events came meanwhile. */
  private refresh(): void {
    void (async () => {
      do {
        this.stale = false
        try {
          await this.reload()
        } catch (error) {
          this.deps.log.warn('[Socket:/notifications] Loading failed', { error: String(error) })
          if (isFinal(error) || this.stopped) return
          this.stale = true
          await this.patience.wait()
        }
      } while (this.stale && !this.stopped)
    })()
  }

  private refreshUnlessLive(): void {
    if (!this.deps.link.connected) this.refresh()
  }

  private async compareHeads(): Promise<void> {
    if (!this.deps.link.connected) return
    try {
      const before = this.book.version
      const { notifications } = await this.deps.link.call('ping', { away: isAway(this.deps.page) }, ackMs)
      // An event that came while the question was on its way moved our version; the next heads compare again.
      if (this.book.version !== before) return
      if (notifications.version !== before || notifications.unread !== this.book.unread) this.refresh()
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
      if (this.status !== 'ready' || version !== this.book.version) await this.reload()
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
