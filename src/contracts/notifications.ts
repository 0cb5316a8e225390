import * as z from 'zod/mini'
import { PingData, PingInput } from './chat'
import { command, commandTable, event, httpForm } from './command'
import { limits } from './limits'
import { PresenceMap, PresenceSyncInput, presenceForm } from './presence'
import { atMost, Counter, Cursor, Id, line, pageLimit, paragraph, Timestamp, text } from './primitives'

/** How a notification is meant; also the kind by which people choose what alerts them. */
export const notificationTypes = ['info', 'warning', 'error', 'success'] as const
/** One of `notificationTypes`. */
export const NotificationType = z.enum(notificationTypes, { error: `type is one of ${notificationTypes.join(', ')}.` })
export type NotificationType = z.infer<typeof NotificationType>

/** Which notifications to list. */
export const NotificationStatus = z.enum(['read', 'unread'], { error: 'status is read or unread.' })

const avatarField = (name: string, max: number) =>
  z.optional(text(name).check(z.maxLength(max, `${name} must have at most ${max} characters.`)))

/** How a notification is pictured: the first of image, icon and text that is given. */
const avatar = {
  avatarImage: avatarField('avatarImage', 2_048),
  avatarIcon: avatarField('avatarIcon', 64),
  avatarText: avatarField('avatarText', 4),
  avatarColor: avatarField('avatarColor', 32),
}

/** What people follow: 1 to 64 letters, digits or any of `_ . : / -`. */
export const Topic = z
  .string({ error: 'A topic is a name.' })
  .check(z.regex(/^[\w.:/-]{1,64}$/, 'A topic has 1 to 64 letters, digits or any of _ . : / -'))

/** Requirements 000, NF-1, to the letter. `createdAt` rises strictly within one person's notifications. */
export const Notification = z.object({
  id: Id,
  title: z.string(),
  message: z.string(),
  type: NotificationType,
  status: NotificationStatus,
  createdAt: Timestamp,
  userId: Id,
  /** The page of this site that it is about. */
  link: z.optional(z.string()),
  /** What it was sent to, where that was a topic. */
  topic: z.optional(Topic),
  ...avatar,
})
export type Notification = z.infer<typeof Notification>

export const MarkAsReadInput = z.object({ notificationId: Id, read: z._default(z.boolean(), true) })
/** One was marked read, or unread again. */
export const NotificationUpdate = z.object({ id: Id, read: z.boolean() })
export type NotificationUpdate = z.infer<typeof NotificationUpdate>

export const NotificationRef = z.object({ notificationId: Id })
/** One is gone. */
export const NotificationDeleted = z.object({ id: Id })

/** `version` is the person's counter after the change; it concerns what was created up to and including `upTo`. */
export const NotificationsSwept = z.object({ version: Counter, upTo: Timestamp })
export type NotificationsSwept = z.infer<typeof NotificationsSwept>

/** A bare name, or `{ topic }`. */
const TopicInput = z.union(
  [
    Topic,
    z.pipe(
      z.object({ topic: Topic }),
      z.transform(({ topic }) => topic),
    ),
  ],
  {
    error: 'Give a topic, or { topic }: 1 to 64 letters, digits or any of _ . : / -',
  },
)
/** The topics that the person follows now. */
export const Topics = z.object({ topics: z.array(Topic) })

export const ListNotificationsInput = z.object({
  cursor: z.optional(Cursor),
  status: z.optional(NotificationStatus),
  limit: pageLimit(limits.notificationsPage, 20),
  /** Nothing is listed when nothing changed since this version; else it makes no difference. */
  sinceVersion: z.optional(z.pipe(z.coerce.number(), Counter)),
})
/** Newest first. `unread` counts all of the person's, not of the page; `version` is their counter of changes. */
export const NotificationsPage = z.object({
  notifications: z.array(Notification),
  nextCursor: z.nullable(Cursor),
  unread: Counter,
  version: Counter,
})
export type NotificationsPage = z.infer<typeof NotificationsPage>

const content = {
  title: line('A title', 200),
  message: paragraph('A message', 2_000),
  type: z._default(NotificationType, 'info'),
  ...avatar,
}
export const NotificationContent = z.object(content)
export type NotificationContent = z.output<typeof NotificationContent>

export const CreateNotificationsInput = z
  .object({
    userId: z.optional(Id),
    userIds: z.optional(atMost(limits.notificationRecipients, 'people', z.array(Id).check(z.minLength(1)))),
    topic: z.optional(Topic),
    ...content,
  })
  .check(
    z.refine((input) => [input.userId, input.userIds, input.topic].filter((to) => to !== undefined).length === 1, {
      error: 'Say who it is for: userId, userIds or topic, and only one of them.',
      path: ['userId'],
    }),
  )
export type CreateNotificationsInput = z.input<typeof CreateNotificationsInput>

/** `ids` holds the first 1,000. */
export const NotificationsCreated = z.object({ count: Counter, ids: z.array(Id) })
export type NotificationsCreated = z.infer<typeof NotificationsCreated>

/** What an address or a query says of a notification, beside the command's own words. */
const statusForm = httpForm(
  z.object({ id: Id, status: NotificationStatus }),
  ({ id, status }) => ({ notificationId: id, read: status === 'read' }),
  ({ notificationId, read }) => ({ id: notificationId, status: read === false ? 'unread' : 'read' }),
)
const allReadForm = httpForm(
  z.object({ status: z.literal('read', { error: 'status must be read.' }) }),
  () => undefined,
  () => ({ status: 'read' }),
)
const refForm = httpForm(
  z.object({ id: Id }),
  ({ id }) => ({ notificationId: id }),
  ({ notificationId }) => ({ id: notificationId }),
)
const topicForm = httpForm(
  z.object({ topic: Topic }),
  ({ topic }) => topic,
  (input) => (typeof input === 'string' ? { topic: input } : input),
)

/** Commands of the namespace `/notifications`, by event name. */
export const notificationCommands = commandTable('/notifications', {
  /** One of one's own, or unread again with `read: false`. */
  markAsRead: command({
    input: MarkAsReadInput,
    data: NotificationUpdate,
    http: 'PATCH /api/notifications/:id',
    httpForm: statusForm,
    permission: 'notifications:read',
    limit: 'notifications',
    errors: ['NOT_FOUND'],
  }),
  /** All that there are. */
  markAllAsRead: command({
    input: z.unknown(),
    data: z.object({ count: Counter, version: Counter }),
    http: 'PATCH /api/notifications',
    httpForm: allReadForm,
    permission: 'notifications:read',
    limit: 'notifications',
  }),
  /** One of one's own. */
  deleteNotification: command({
    input: NotificationRef,
    data: NotificationDeleted,
    http: 'DELETE /api/notifications/:id',
    httpForm: refForm,
    permission: 'notifications:read',
    limit: 'notifications',
    errors: ['NOT_FOUND'],
  }),
  /** Deletes all that there are. */
  clearAll: command({
    input: z.unknown(),
    data: z.object({ ids: z.array(Id), version: Counter }),
    http: 'DELETE /api/notifications/clear-all',
    permission: 'notifications:read',
    limit: 'notifications',
  }),
  /** From now on one is notified of what is sent to this topic: an open one, or one that was granted. */
  subscribe: command({
    input: TopicInput,
    data: Topics,
    http: 'PUT /api/notifications/topics/:topic',
    httpForm: topicForm,
    permission: 'topics:subscribe',
    limit: 'notifications',
  }),
  /** No more of it. */
  unsubscribe: command({
    input: TopicInput,
    data: Topics,
    http: 'DELETE /api/notifications/topics/:topic',
    httpForm: topicForm,
    permission: 'topics:subscribe',
    limit: 'notifications',
  }),
  /** As on `/chat`, without rooms. */
  ping: command({
    input: PingInput,
    data: PingData,
    http: { socketOnly: 'It says that this connection is alive.' },
    permission: 'notifications:read',
    limit: 'chat-ping',
  }),
  /** Whether these people are here, or all with whom one shares a room. */
  'presence:sync': command({
    input: PresenceSyncInput,
    data: PresenceMap,
    http: 'GET /api/presence',
    httpForm: presenceForm,
    permission: 'presence:read',
    limit: 'presence',
    takesTurns: true,
  }),
})
export type NotificationCommands = typeof notificationCommands

/** What exists over HTTP only. */
export const notificationQueries = commandTable(null, {
  /** One's own, the newest first; with `sinceVersion` nothing where nothing has changed. */
  listNotifications: command({
    input: ListNotificationsInput,
    data: NotificationsPage,
    http: 'GET /api/notifications',
    permission: 'notifications:read',
    limit: 'notifications',
    takesTurns: true,
  }),
  /** For other services: with an `Idempotency-Key` a retry makes nothing twice. */
  createNotifications: command({
    input: CreateNotificationsInput,
    data: NotificationsCreated,
    http: 'POST /api/notifications',
    permission: 'service:notify',
    limit: null,
    errors: ['NOT_FOUND', 'CONFLICT'],
    created: 'always',
    audit: true,
  }),
  /** An admin's test notification, to nobody but themselves. */
  createTestNotification: command({
    input: NotificationContent,
    data: NotificationsCreated,
    http: 'POST /api/system/notifications',
    permission: 'admin:view-health',
    limit: 'notifications',
    created: 'always',
  }),
})

/** Events of the namespace `/notifications`, server to client. */
export const notificationEvents = {
  /** One more. */
  newNotification: event(Notification, "the person's sockets"),
  /** It was read, or is unread again. */
  notificationUpdate: event(NotificationUpdate, "the person's sockets"),
  /** It is gone. */
  notificationDeleted: event(NotificationDeleted, "the person's sockets"),
  /** All up to there were read. */
  notificationsRead: event(NotificationsSwept, "the person's sockets"),
  /** All up to there are gone. */
  notificationsCleared: event(NotificationsSwept, "the person's sockets"),
  /** What one follows or prefers changed, on this page or another one, or what one may follow: to be asked for anew. */
  settingsUpdated: event(z.object({}), "the person's sockets"),
  /** Whether these people are here, or all with whom one shares a room. */
  'presence:sync': event(PresenceMap, 'the asking socket'),
  /** Somebody came, went or is away. */
  'presence:update': event(PresenceMap, 'people who are told their presence'),
}
export type NotificationEvents = typeof notificationEvents
