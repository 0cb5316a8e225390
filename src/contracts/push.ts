import * as z from 'zod/mini'
import { command, commandTable } from './command'
import { limits } from './limits'

const Endpoint = z
  .url({ protocol: /^https?$/, error: 'Give the address that the browser gave: https://…' })
  .check(
    z.maxLength(limits.pushEndpoint, 'This address is too long.'),
    z.regex(/^[\x21-\x7e]*$/, 'This address has characters in it that no address has.'),
  )

/** So many bytes as browsers write them: base64url without padding. */
const bytes = (what: string, count: number) => {
  const characters = Math.ceil((count * 4) / 3)
  const error = `${what} has ${characters} characters of base64url.`
  return z.string({ error }).check(z.regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`), error))
}

/** A browser's `PushSubscription`, as its `toJSON` writes it. */
export const PushSubscriptionInput = z.object({
  endpoint: Endpoint,
  /** What is sent there is encrypted with these, so that no push service can read it. */
  keys: z.object({ p256dh: bytes('keys.p256dh', 65), auth: bytes('keys.auth', 16) }),
})
export type PushSubscriptionInput = z.output<typeof PushSubscriptionInput>

const Subscribed = z.object({ endpoint: z.string() })

const rules = { permission: 'notifications:read', limit: 'notifications' } as const

/** A browser is told also while no page of ours is open: over its maker's push service. HTTP only. */
export const pushCommands = commandTable(null, {
  /** By which browsers know our pushes; null: this installation sends none. */
  readPushKey: command({
    ...rules,
    input: z.object({}),
    data: z.object({ publicKey: z.nullable(z.string()) }),
    http: 'GET /api/push/key',
  }),
  /**
   * This browser is told what concerns this person, until this session ends. Of one person there are ten at most: the oldest
   * goes. @throws BAD_REQUEST (the address is none that anything is sent to), NOT_FOUND (this installation sends none).
   */
  subscribeToPush: command({
    ...rules,
    input: PushSubscriptionInput,
    data: Subscribed,
    http: 'POST /api/push/subscriptions',
    errors: ['NOT_FOUND'],
    created: 'always',
  }),
  /** Not any more; one that is not there is none either. */
  unsubscribeFromPush: command({
    ...rules,
    input: z.object({ endpoint: Endpoint }),
    data: Subscribed,
    http: 'DELETE /api/push/subscriptions',
  }),
})

/** What a service worker is sent, as JSON: at most `limits.pushPayloadBytes`. */
export interface PushPayload {
  title: string
  body: string
  /** The page of this site that a click opens, beginning with a slash. */
  url: string
  /** What has the same takes the place of what is shown. */
  tag: string
  /** A picture's address. */
  icon?: string
}
