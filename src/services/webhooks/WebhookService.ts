import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type {
  ChangeWebhookInput,
  CreateWebhookInput,
  DeliveriesInput,
  Webhook,
  WebhookDelivery,
} from '@/contracts/webhooks'
import type { Actor } from '../audit/ports'
import type { SecretBox } from '../users/ports'
import type { WebhookRepository } from './ports'

/** How long an old secret signs beside a new one, in milliseconds. */
const OVERLAP_MS = 24 * 60 * 60_000

export interface WebhookServiceDeps {
  webhooks: WebhookRepository
  /** Why nothing is ever sent to this address; null: it may be. */
  refusalOf: (url: string) => string | null
  box: SecretBox
  /** A new secret, `whsec_` and base64. */
  makeSecret: () => string
  makeId: () => string
}

/** Who is told of what happens: the rules, for those who manage it. */
export class WebhookService {
  constructor(private readonly deps: WebhookServiceDeps) {}

  list(): Promise<Webhook[]> {
    return this.deps.webhooks.list()
  }

  /** @throws AppError NOT_FOUND, like all that name one. */
  async read(id: string): Promise<Webhook> {
    return found(await this.deps.webhooks.find(id))
  }

  /** The secret is told this once. @throws AppError BAD_REQUEST */
  async create(actor: Actor, input: CreateWebhookInput): Promise<{ id: string; secret: string }> {
    this.requireReachable(input.url)
    const { makeId, makeSecret, box, webhooks } = this.deps
    const [id, secret] = [makeId(), makeSecret()]
    const webhook = { ...input, events: unique(input.events), id, secret: box.seal(secret) }
    if (!(await webhooks.create(actor, webhook, limits.webhooks))) {
      throw new AppError('BAD_REQUEST', { message: `There are ${limits.webhooks} webhooks, which is the most.` })
    }
    return { id, secret }
  }

  /** @throws AppError BAD_REQUEST */
  async change(actor: Actor, { id, ...change }: ChangeWebhookInput): Promise<Webhook> {
    if (change.url !== undefined) this.requireReachable(change.url)
    return found(
      await this.deps.webhooks.change(actor, id, { ...change, events: change.events && unique(change.events) }),
    )
  }

  async delete(actor: Actor, id: string): Promise<{ id: string }> {
    found((await this.deps.webhooks.delete(actor, id)) || null)
    return { id }
  }

  async rotate(actor: Actor, id: string): Promise<{ secret: string; oldSecretUntil: string }> {
    const secret = this.deps.makeSecret()
    const rotated = found(await this.deps.webhooks.rotate(actor, id, this.deps.box.seal(secret), OVERLAP_MS))
    return { secret, ...rotated }
  }

  async deliveries(query: DeliveriesInput): Promise<{ deliveries: WebhookDelivery[]; nextCursor: string | null }> {
    await this.read(query.id)
    return this.deps.webhooks.deliveries(query)
  }

  /** @throws AppError BAD_REQUEST (it is switched off). */
  async replay(actor: Actor, id: string, deliveryId: string): Promise<{ id: string }> {
    await this.requireOn(id)
    if (!(await this.deps.webhooks.replay(actor, id, deliveryId))) {
      throw new AppError('NOT_FOUND', { message: 'There is no such delivery. Deliveries are kept for a week.' })
    }
    return { id: deliveryId }
  }

  /** @throws AppError BAD_REQUEST (it is switched off, or too many at once). */
  async replaySpan(
    actor: Actor,
    { id, ...span }: { id: string; from: string; to: string },
  ): Promise<{ count: number }> {
    await this.requireOn(id)
    const count = await this.deps.webhooks.replaySpan(actor, id, span, limits.replayedAtOnce)
    if (count === 'too many') {
      throw new AppError('BAD_REQUEST', {
        message: `More than ${limits.replayedAtOnce} deliveries are of that span. Choose a shorter one.`,
      })
    }
    return { count }
  }

  /** What is to be sent again would wait, and be gone after a week. */
  private async requireOn(id: string): Promise<void> {
    if ((await this.read(id)).enabled) return
    throw new AppError('BAD_REQUEST', {
      message: 'This webhook is switched off. Switch it on first, and then send again.',
    })
  }

  private requireReachable(url: string): void {
    const refusal = this.deps.refusalOf(url)
    if (refusal !== null) throw new AppError('BAD_REQUEST', { issues: [{ path: 'url', message: refusal }] })
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

function found<T>(value: T | null): T {
  if (value !== null) return value
  throw new AppError('NOT_FOUND', { message: 'There is no such webhook.' })
}
