import type { Notification, NotificationsPage, NotificationsSwept, NotificationUpdate } from '@/contracts/notifications'

/**
 * One person's notifications as this page knows them: the newest of them, and how many are unread in all. Each event
 * counts the version up by one, so that a lost one shows as a version that differs from the server's.
 */
export class NotificationBook {
  unread = 0
  version = 0
  nextCursor: string | null = null
  private readonly byId = new Map<string, Notification>()
  private list: Notification[] | undefined
  /** How far sweeps reached: a notification that was created before, but arrives after one, was swept as well. */
  private readUpTo = ''
  private clearedUpTo = ''

  /** Newest first; the same array until something changes. */
  all(): Notification[] {
    this.list ??= [...this.byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    return this.list
  }

  /** The newest page, read after everything before was forgotten: the server's answer replaces what was known. */
  adoptFirstPage(page: NotificationsPage): void {
    this.byId.clear()
    this.nextCursor = page.nextCursor
    this.adopt(page)
  }

  /** A later page. */
  adoptOlderPage(page: NotificationsPage): void {
    this.nextCursor = page.nextCursor
    for (const notification of page.notifications) {
      if (!this.byId.has(notification.id)) this.byId.set(notification.id, notification)
    }
    this.list = undefined
  }

  receive(notification: Notification): void {
    if (this.byId.has(notification.id)) return
    this.version += 1
    if (notification.createdAt <= this.clearedUpTo) return
    const isRead = notification.status === 'read' || notification.createdAt <= this.readUpTo
    this.byId.set(notification.id, isRead ? { ...notification, status: 'read' } : notification)
    if (!isRead) this.unread += 1
    this.list = undefined
  }

  update({ id, read }: NotificationUpdate): void {
    this.version += 1
    this.unread = Math.max(0, this.unread + (read ? -1 : 1))
    const known = this.byId.get(id)
    if (known) this.byId.set(id, { ...known, status: read ? 'read' : 'unread' })
    this.list = undefined
  }

  /** False when it is not loaded, so that whether it was unread is not known here. */
  delete(id: string): boolean {
    this.version += 1
    const known = this.byId.get(id)
    if (!known) return false
    if (known.status === 'unread') this.unread = Math.max(0, this.unread - 1)
    this.byId.delete(id)
    this.list = undefined
    return true
  }

  sweepRead({ version, upTo }: NotificationsSwept): void {
    this.version = Math.max(this.version + 1, version)
    if (upTo > this.readUpTo) this.readUpTo = upTo
    for (const [id, notification] of this.byId) {
      if (notification.createdAt <= upTo) this.byId.set(id, { ...notification, status: 'read' })
    }
    this.countUnread()
  }

  sweepAway({ version, upTo }: NotificationsSwept): void {
    this.version = Math.max(this.version + 1, version)
    if (upTo > this.clearedUpTo) this.clearedUpTo = upTo
    for (const [id, notification] of this.byId) if (notification.createdAt <= upTo) this.byId.delete(id)
    this.nextCursor = null
    this.countUnread()
  }

  private adopt(page: NotificationsPage): void {
    this.unread = page.unread
    this.version = page.version
    for (const notification of page.notifications) this.byId.set(notification.id, notification)
    this.list = undefined
  }

  /** After a sweep only newer ones can be unread, and those are all here. */
  private countUnread(): void {
    this.list = undefined
    this.unread = this.all().filter((notification) => notification.status === 'unread').length
  }
}
