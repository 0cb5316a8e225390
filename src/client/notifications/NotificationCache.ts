import type { Notification, NotificationsPage, NotificationsSwept, NotificationUpdate } from '@/contracts/notifications'

/** What the list shows: all of them, or those that are unread. */
export type NotificationFilter = 'all' | 'unread'

/** How far back one filter is loaded. */
interface Reach {
  /** Where the next page of it begins; null when there is none. */
  cursor: string | null
  /** `createdAt` of the oldest it reaches; empty when it reaches all there are. */
  from: string
}

const NOTHING: Reach = { cursor: null, from: '' }

const reachOf = ({ nextCursor, notifications }: NotificationsPage): Reach => ({
  cursor: nextCursor,
  from: nextCursor === null ? '' : (notifications.at(-1)?.createdAt ?? ''),
})

/**
 * One person's notifications as this page knows them: the newest of them, and how many are unread in all. Each event
 * counts the version up by one, so that a lost one shows as a version that differs from the server's.
 */
export class NotificationCache {
  unread = 0
  version = 0
  /** Counts what changed or took away notifications, so that an older page that was read before is known as such. */
  edition = 0
  /** Unread ones are known at least as far back as all of them. */
  private reach: Record<NotificationFilter, Reach> = { all: NOTHING, unread: NOTHING }
  private readonly byId = new Map<string, Notification>()
  private lists: Record<NotificationFilter, Notification[]> | undefined
  /** How far sweeps reached: a notification that was created before, but arrives after one, was swept as well. */
  private readUpTo = ''
  private clearedUpTo = ''

  /** Newest first; the same array until something changes. */
  all(): Notification[] {
    return this.known().all
  }

  /**
   * All of them and, further back, those that were unread when their page was asked for: nothing unread is missing in
   * between, but read ones may be.
   */
  unreadAndBetween(): Notification[] {
    return this.known().unread
  }

  /** Where the next page begins; null when there is none. */
  nextCursor(filter: NotificationFilter): string | null {
    return this.reach[filter].cursor
  }

  /** The newest page, read after everything before was forgotten: the server's answer replaces what was known. */
  adoptFirstPage(page: NotificationsPage): void {
    this.edition += 1
    this.byId.clear()
    this.reach = { all: reachOf(page), unread: reachOf(page) }
    this.unread = page.unread
    this.version = page.version
    for (const notification of page.notifications) this.byId.set(notification.id, notification)
    this.lists = undefined
  }

  /** The page that begins at `nextCursor(filter)`. */
  adoptOlderPage(filter: NotificationFilter, page: NotificationsPage): void {
    const reach = reachOf(page)
    this.reach[filter] = reach
    if (filter === 'all' && reach.from < this.reach.unread.from) this.reach.unread = reach
    const fresh = page.notifications.filter(({ id }) => !this.byId.has(id))
    const before = this.lists?.unread
    for (const notification of fresh) this.byId.set(notification.id, notification)
    // Mostly it continues what is known: nothing that was sorted is sorted again.
    const [last, next] = [before?.at(-1), fresh[0]]
    const continues = before !== undefined && (!last || !next || next.createdAt < last.createdAt)
    this.lists = continues ? this.listsOf([...before, ...fresh]) : undefined
  }

  receive(notification: Notification): void {
    if (this.byId.has(notification.id)) return
    this.version += 1
    if (notification.createdAt <= this.clearedUpTo) return
    const isRead = notification.status === 'read' || notification.createdAt <= this.readUpTo
    this.byId.set(notification.id, isRead ? { ...notification, status: 'read' } : notification)
    if (!isRead) this.unread += 1
    this.lists = undefined
  }

  /** False when it is unread again and not loaded, so that the list of unread ones may lack it. */
  update({ id, read }: NotificationUpdate): boolean {
    this.version += 1
    this.edition += 1
    this.unread = Math.max(0, this.unread + (read ? -1 : 1))
    const known = this.byId.get(id)
    if (known) this.byId.set(id, { ...known, status: read ? 'read' : 'unread' })
    this.lists = undefined
    return known !== undefined || read
  }

  /** False when it is not loaded, so that whether it was unread is not known here. */
  delete(id: string): boolean {
    this.version += 1
    this.edition += 1
    const known = this.byId.get(id)
    if (!known) return false
    if (known.status === 'unread') this.unread = Math.max(0, this.unread - 1)
    this.byId.delete(id)
    this.lists = undefined
    return true
  }

  sweepRead({ version, upTo }: NotificationsSwept): void {
    this.version = Math.max(this.version + 1, version)
    this.edition += 1
    if (upTo > this.readUpTo) this.readUpTo = upTo
    for (const [id, notification] of this.byId) {
      if (notification.createdAt <= upTo) this.byId.set(id, { ...notification, status: 'read' })
    }
    this.countUnread()
  }

  sweepAway({ version, upTo }: NotificationsSwept): void {
    this.version = Math.max(this.version + 1, version)
    this.edition += 1
    if (upTo > this.clearedUpTo) this.clearedUpTo = upTo
    for (const [id, notification] of this.byId) if (notification.createdAt <= upTo) this.byId.delete(id)
    this.reach = { all: NOTHING, unread: NOTHING }
    this.countUnread()
  }

  private known(): Record<NotificationFilter, Notification[]> {
    this.lists ??= this.listsOf([...this.byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)))
    return this.lists
  }

  private listsOf(sorted: Notification[]): Record<NotificationFilter, Notification[]> {
    const { from } = this.reach.all
    const last = sorted.at(-1)
    const isAll = last === undefined || last.createdAt >= from
    return { unread: sorted, all: isAll ? sorted : sorted.filter(({ createdAt }) => createdAt >= from) }
  }

  /** After a sweep only newer ones can be unread, and those are all here. */
  private countUnread(): void {
    this.lists = undefined
    this.unread = this.known().unread.filter((notification) => notification.status === 'unread').length
  }
}
