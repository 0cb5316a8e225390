import * as z from 'zod/mini'
import { command, commandTable } from '@/contracts/command'
import { Notification } from '@/contracts/notifications'
import { Counter } from '@/contracts/primitives'
import type { RequestContext } from '../RequestContext'
import { Feed } from './Feed'

/** A notification, and the person's counter with which a subscription goes on after it. */
export const NumberedNotification = z.object({ version: Counter, notification: Notification })
type NumberedNotification = z.infer<typeof NumberedNotification>

/** What the subscription reads by, with a permission and a limit as every command. It has no address. */
export const notificationReads = commandTable(null, {
  notificationsSince: command({
    input: z.object({ version: z.optional(Counter) }),
    data: z.object({ notifications: z.array(NumberedNotification), version: Counter, hasMore: z.boolean() }),
    http: { socketOnly: 'Only a subscription asks so.' },
    permission: 'notifications:read',
    limit: 'notifications',
  }),
})

/** Of those that were given. */
const MOST_REMEMBERED = 1_000

/** New notifications, in their order: those that are unread, since what was read elsewhere meanwhile is no news. */
export class NewNotifications extends Feed<NumberedNotification> {
  readonly name = 'notificationReceived'
  readonly permission = 'notifications:read'
  private have: number | undefined
  /** One that was marked as unread again has a newer version, and is not new. */
  private readonly given = new Set<string>()

  constructor(context: RequestContext, { sinceVersion }: { sinceVersion?: number | null }) {
    super(context)
    this.have = sinceVersion ?? undefined
  }

  protected hear(event: string): void {
    if (event === 'newNotification') this.want()
  }

  protected async read(context: RequestContext): Promise<boolean> {
    const input = { version: this.have }
    const page = await context.run(notificationReads.notificationsSince, input)
    for (const one of page.notifications) {
      if (this.isFull) return true
      this.have = one.version
      const { id, status } = one.notification
      if (status !== 'unread' || this.given.has(id)) continue
      this.given.add(id)
      const [oldest] = this.given
      if (this.given.size > MOST_REMEMBERED && oldest !== undefined) this.given.delete(oldest)
      this.emit(one)
    }
    this.have = page.notifications.at(-1)?.version ?? page.version
    return page.hasMore
  }
}
