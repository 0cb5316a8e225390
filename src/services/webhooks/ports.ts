import type { Presence } from '@/contracts/presence'
import type { DeliveriesInput, Webhook, WebhookDelivery, WebhookType } from '@/contracts/webhooks'
import type { Actor } from '../audit/ports'

/** A webhook before it is made. */
export interface NewWebhook {
  id: string
  url: string
  description: string
  events: readonly WebhookType[]
  /** Encrypted. */
  secret: string
}

/** What is left out stays as it is. */
export interface WebhookChange {
  url?: string | undefined
  description?: string | undefined
  events?: readonly WebhookType[] | undefined
  enabled?: boolean | undefined
}

/** Each change is written into the audit log in its own transaction. Null or false: there is no such webhook. */
export interface WebhookRepository {
  list(): Promise<Webhook[]>
  find(id: string): Promise<Webhook | null>
  /** False: there are `most` already. */
  create(actor: Actor, webhook: NewWebhook, most: number): Promise<boolean>
  change(actor: Actor, id: string, change: WebhookChange): Promise<Webhook | null>
  delete(actor: Actor, id: string): Promise<boolean>
  /** The secret before it signs beside it for so long. */
  rotate(actor: Actor, id: string, secret: string, overlapMs: number): Promise<{ oldSecretUntil: string } | null>
  deliveries(query: DeliveriesInput): Promise<{ deliveries: WebhookDelivery[]; nextCursor: string | null }>
  /** False: there is no such delivery of it. */
  replay(actor: Actor, id: string, deliveryId: string): Promise<boolean>
  /** How many; 'too many': more than `most`, and none is sent again. */
  replaySpan(actor: Actor, id: string, span: { from: string; to: string }, most: number): Promise<number | 'too many'>
}

/** Where to and how something is sent now. */
export interface Endpoint {
  id: string
  url: string
  /** Encrypted; each signs. */
  secrets: readonly string[]
  /** How long nothing has got through; null: the last delivery did. */
  failingForMs: number | null
}

/** One event that is due at one webhook. */
export interface Delivery {
  id: string
  eventId: string
  endpoint: Endpoint
  /** JSON. @throws where this version does not know such events. */
  body: () => string
  /** Those before this one, since its webhook was last switched on or got another address. */
  attempts: number
  /** How long ago it happened, was asked to be sent again, or its webhook was switched on again or got another address. */
  waitedMs: number
}

/** How an attempt ended: what was answered, or why nothing was. */
export type Attempt = { status: number; body: string } | { error: string }

/** What becomes of a delivery after an attempt that failed. */
export type Fate = { retryInMs: number } | 'dead'

/** What waits to be delivered. Times are the database's. */
export interface DeliveryQueue {
  /** The webhooks for which something waits. */
  waiting(): Promise<string[]>
  /** The lanes behind `after` ('': all) in which something waits, in their order. None, if it is gone, or not enabled. */
  lanes(endpointId: string, after: string, most: number): Promise<{ lane: string; isDue: boolean }[]>
  /** What a lane has first behind this delivery ('0': all); null: nothing, or it is not due, or nothing is sent there now. */
  next(endpointId: string, lane: string, after: string): Promise<Delivery | null>
  succeeded(endpointId: string, deliveryId: string, attempt: Attempt): Promise<void>
  failed(endpointId: string, deliveryId: string, attempt: Attempt, fate: Fate): Promise<void>
  /** Writes it into the audit log. False: it is off already, or has another address now. */
  disable(endpoint: Pick<Endpoint, 'id' | 'url'>): Promise<boolean>
  /** Whether a webhook is to be told who comes and goes. */
  wantsPresence(): Promise<boolean>
  notePresence(userId: string, presence: Pick<Presence, 'isOnline' | 'lastSeen'>): Promise<void>
  /** The people who manage webhooks. */
  managers(): Promise<string[]>
}

/** Signs a delivery and posts it. */
export interface WebhookSender {
  /**
   * @param request - its secrets in plain.
   * @throws Error whose message says why there is no answer; `signal`'s reason when it is aborted.
   */
  send(
    request: { url: string; secrets: readonly string[]; eventId: string; body: string },
    signal: AbortSignal,
  ): Promise<{ status: number; body: string }>
}
