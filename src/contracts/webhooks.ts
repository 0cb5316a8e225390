import * as z from 'zod/mini'
import { ChatMessage } from './chatShapes'
import { command, commandTable } from './command'
import { limits } from './limits'
import { Notification } from './notifications'
import { Counter, Cursor, Id, pageLimit, SomeTime, Timestamp, text } from './primitives'

/** What webhooks tell of; everything but `user.…` is written in the transaction of what happened, so that nothing is lost. */
export const webhookTypes = [
  'message.created',
  'message.updated',
  'room.created',
  'room.updated',
  'participant.added',
  'participant.removed',
  'notification.created',
  'notification.read',
  'user.online',
  'user.offline',
] as const
/** One of `webhookTypes`. */
export const WebhookType = z.enum(webhookTypes, { error: `An event is one of ${webhookTypes.join(', ')}.` })
export type WebhookType = z.infer<typeof WebhookType>

const Room = z.object({
  id: Id,
  kind: z.enum(['direct', 'group']),
  name: z.optional(z.string()),
  avatarImage: z.optional(z.string()),
  createdAt: Timestamp,
})
const Membership = { roomId: Id, userId: Id }
const Seen = z.object({ userId: Id, lastSeen: Timestamp })

/** `data` of each type: the thing as it was then. */
export const webhookData = {
  'message.created': ChatMessage,
  'message.updated': ChatMessage,
  'room.created': Room,
  'room.updated': Room,
  'participant.added': z.object({ ...Membership, role: z.enum(['owner', 'admin', 'member']) }),
  'participant.removed': z.object(Membership),
  'notification.created': Notification,
  'notification.read': z.object({ id: Id, userId: Id }),
  'user.online': Seen,
  'user.offline': Seen,
} satisfies Record<WebhookType, z.ZodMiniType>

const Description = z.pipe(
  text('A description'),
  z
    .string()
    .check(
      z.trim(),
      z.maxLength(limits.webhookDescription, `A description has at most ${limits.webhookDescription} characters.`),
    ),
)

/** Whether the address may be reached is looked at when something is sent there. */
const Url = z.url({ protocol: /^https?$/, error: 'Give an address like https://example.com/hook.' }).check(
  z.maxLength(2_000, 'This address is too long.'),
  z.regex(/^\P{Cc}*$/u, 'This address has control characters in it.'),
  z.refine((url) => !hasCredentials(url), 'Leave name and password out of the address: deliveries are signed.'),
)

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false // which is said already
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

const Types = z
  .array(WebhookType)
  .check(z.minLength(1, 'Name one event at least.'), z.maxLength(webhookTypes.length, 'An event is named twice.'))

/** An address that is told what happens, as administrators see it; its secret is shown once, when it is made. */
export const Webhook = z.object({
  id: Id,
  url: z.string(),
  description: z.string(),
  events: z.array(WebhookType),
  /** False: nothing is noted for it. It becomes so by itself when nothing has got through for a day. */
  enabled: z.boolean(),
  /** Since when nothing has got through; null: the last delivery did, or there was none. */
  failingSince: z.nullable(Timestamp),
  /** Until when the secret before this one signs as well. */
  oldSecretUntil: z.nullable(Timestamp),
  createdAt: Timestamp,
})
export type Webhook = z.infer<typeof Webhook>

/** Shown once; `whsec_` and base64. */
const Secret = z.string()

/** One event on its way to one webhook, or delivered, or given up. */
export const WebhookDelivery = z.object({
  id: Id,
  /** `webhook-id` of the request: the same whenever it is sent again. */
  eventId: Id,
  /** A later version may have written others than this one knows. */
  type: z.string(),
  status: z.enum(['pending', 'succeeded', 'dead']),
  attempts: Counter,
  /** The body as it is sent; empty for a type that this version does not know. */
  request: z.string(),
  /** Of the last attempt. */
  answer: z.nullable(z.object({ status: z.int(), body: z.string() })),
  /** Why the last attempt had no answer. */
  error: z.nullable(z.string()),
  createdAt: Timestamp,
  triedAt: z.nullable(Timestamp),
  /** Of what is pending; earlier than now: it waits for another of its room. */
  dueAt: z.nullable(Timestamp),
})
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

export const CreateWebhookInput = z.object({ url: Url, events: Types, description: z._default(Description, '') })
export type CreateWebhookInput = z.output<typeof CreateWebhookInput>

/** What is left out stays as it is. */
export const ChangeWebhookInput = z
  .object({
    id: Id,
    url: z.optional(Url),
    events: z.optional(Types),
    description: z.optional(Description),
    enabled: z.optional(z.boolean()),
  })
  .check(
    z.refine(
      ({ url, events, description, enabled }) =>
        url !== undefined || events !== undefined || description !== undefined || enabled !== undefined,
      { error: 'Say what to change: url, events, description or enabled.' },
    ),
  )
export type ChangeWebhookInput = z.output<typeof ChangeWebhookInput>

export const DeliveriesInput = z.object({
  id: Id,
  cursor: z.optional(Cursor),
  limit: pageLimit(limits.deliveriesPage, 20),
})
export type DeliveriesInput = z.output<typeof DeliveriesInput>

export const ReplaySpanInput = z
  .object({ id: Id, from: SomeTime, to: SomeTime })
  .check(z.refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { error: 'from must not be after to.' }))

const rules = { permission: 'admin:manage-webhooks', limit: 'admin', alsoForServices: true } as const
const changes = { ...rules, audit: 'in transaction' } as const
const One = z.object({ id: Id })

/** For those who manage webhooks, and services whose key has the scope `webhooks`; over HTTP only. */
export const webhookCommands = commandTable(null, {
  /** All webhooks. */
  listWebhooks: command({
    ...rules,
    input: z.object({}),
    data: z.object({ webhooks: z.array(Webhook) }),
    http: 'GET /api/webhooks',
  }),
  /**
   * From now on this address is told of these events. The secret is shown this once.
   *
   * @throws BAD_REQUEST (the address may not be reached from here; there are as many as there may be).
   */
  createWebhook: command({
    ...changes,
    input: CreateWebhookInput,
    data: z.object({ id: Id, secret: Secret }),
    http: 'POST /api/webhooks',
    created: 'always',
  }),
  /** One webhook. This and what follows: @throws NOT_FOUND */
  readWebhook: command({ ...rules, input: One, data: Webhook, http: 'GET /api/webhooks/:id', errors: ['NOT_FOUND'] }),
  /** What is left out stays as it is. */
  changeWebhook: command({
    ...changes,
    input: ChangeWebhookInput,
    data: Webhook,
    http: 'PATCH /api/webhooks/:id',
    errors: ['NOT_FOUND'],
  }),
  /** What was not delivered is not delivered any more. */
  deleteWebhook: command({
    ...changes,
    input: One,
    data: One,
    http: 'DELETE /api/webhooks/:id',
    errors: ['NOT_FOUND'],
  }),
  /** Makes a new secret; the old one signs beside it for 24 hours. */
  rotateWebhookSecret: command({
    ...changes,
    input: One,
    data: z.object({ secret: Secret, oldSecretUntil: Timestamp }),
    http: 'POST /api/webhooks/:id/secret',
    errors: ['NOT_FOUND'],
  }),
  /** Newest first. */
  listDeliveries: command({
    ...rules,
    input: DeliveriesInput,
    data: z.object({ deliveries: z.array(WebhookDelivery), nextCursor: z.nullable(Cursor) }),
    http: 'GET /api/webhooks/:id/deliveries',
    errors: ['NOT_FOUND'],
  }),
  /** Sends it again, under the same id. @throws BAD_REQUEST while the webhook is switched off. */
  replayDelivery: command({
    ...changes,
    input: z.object({ id: Id, deliveryId: Id }),
    data: z.object({ id: Id }),
    http: 'POST /api/webhooks/:id/deliveries/:deliveryId/replay',
    errors: ['NOT_FOUND'],
  }),
  /**
   * Sends again what happened in that span, `to` not included. @throws BAD_REQUEST for more than 10,000, and while the
   * webhook is switched off.
   */
  replayWebhook: command({
    ...changes,
    input: ReplaySpanInput,
    data: z.object({ count: Counter }),
    http: 'POST /api/webhooks/:id/replay',
    errors: ['NOT_FOUND'],
  }),
})
