import type { NotificationContent } from '@/contracts/notifications'
import { retryDelayMs } from '../shared/backoff'
import type { Logger } from '../shared/Logger'
import { within } from '../shared/within'
import type { SecretBox } from '../users/ports'
import type { Attempt, Delivery, DeliveryQueue, Endpoint, Fate, WebhookSender } from './ports'

/** Rooms (and people) of one webhook that are told at a time. */
const LANES_AT_ONCE = 8
/** Lanes that one look into the queue passes at most. */
const LANES_A_LOOK = 1_000
/** After this a job lets others have their turn, in milliseconds. */
const TURN_MS = 5_000
/** Where nothing was due, the next look is so many times later than it took: a webhook that is down costs next to nothing. */
const RESTS = 20
const LONGEST_REST_MS = 60_000
/** From when it happened; what has not got through by then is dead. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000
/** The last attempt of a day, and the first from which nothing got through, are not noted in the same millisecond. */
const SLACK_MS = 60_000
const ATTEMPT_MS = 10_000
/** What is kept of why there was no answer: it can be as long as whoever does not answer likes. */
const ERROR_CHARACTERS = 500

export interface WebhookDeliveryDeps {
  queue: DeliveryQueue
  sender: WebhookSender
  box: Pick<SecretBox, 'open'>
  /** Tells people, once for each key. */
  notify: (userIds: string[], content: NotificationContent, key: string) => Promise<void>
  /** Told of each attempt. */
  onAttempt: (outcome: 'succeeded' | 'failed' | 'dead') => void
  logger: Logger
  random?: () => number
  /** How long an answer may take, in milliseconds. */
  attemptMs?: number
}

/**
 * Delivers what waits for one webhook: several rooms at a time, each room's events one after the other; one that fails holds
 * back those behind it until it succeeds or is dead. To be called by one at a time for each webhook; what is interrupted is
 * sent again under the same id.
 */
export class WebhookDelivery {
  /** The lane of each webhook at which a turn ended: the next begins behind it, so that every lane has its turn. */
  private readonly reached = new Map<string, string>()
  /** In which hour people were told of what, of which webhook. */
  private readonly told = new Map<string, string>()

  constructor(private readonly deps: WebhookDeliveryDeps) {}

  /** Resolves to after how many milliseconds it is to be called again; null: nothing waits. */
  async deliver(endpointId: string, signal: AbortSignal): Promise<number | null> {
    const until = performance.now() + TURN_MS
    const goesOn = () => !signal.aborted && performance.now() < until
    let after = this.reached.get(endpointId) ?? ''
    let round = { isWhole: after === '', passed: 0, lookedMs: 0, wasDue: false }
    while (goesOn()) {
      const began = performance.now()
      const lanes = await this.deps.queue.lanes(endpointId, after, LANES_A_LOOK)
      round.lookedMs += performance.now() - began
      round.passed += lanes.length
      const due = lanes.filter(({ isDue }) => isDue).map(({ lane }) => lane)
      if (due.length > 0) {
        round.wasDue = true
        await this.deliverLanes(endpointId, due, signal, goesOn)
        if (!goesOn()) break
      }
      after = (lanes.length === LANES_A_LOOK && lanes.at(-1)?.lane) || ''
      this.reached.set(endpointId, after)
      if (after !== '') continue
      if (round.isWhole && !round.wasDue) return round.passed === 0 ? null : restAfter(round.lookedMs)
      round = { isWhole: true, passed: 0, lookedMs: 0, wasDue: false }
    }
    return round.wasDue ? 0 : restAfter(round.lookedMs)
  }

  /** @throws what the first lane failed with, after all have ended: whoever comes next is alone. */
  private async deliverLanes(
    endpointId: string,
    lanes: string[],
    signal: AbortSignal,
    goesOn: () => boolean,
  ): Promise<void> {
    const deliverSome = async () => {
      for (let lane = lanes.shift(); lane !== undefined && goesOn(); lane = lanes.shift()) {
        this.reached.set(endpointId, lane)
        await this.deliverLane(endpointId, lane, signal, goesOn)
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: LANES_AT_ONCE }, deliverSome))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  }

  private async deliverLane(
    endpointId: string,
    lane: string,
    signal: AbortSignal,
    goesOn: () => boolean,
  ): Promise<void> {
    let after = '0'
    while (goesOn()) {
      const delivery = await this.deps.queue.next(endpointId, lane, after)
      if (!delivery || !(await this.attempt(delivery, signal))) return
      after = delivery.id
    }
  }

  /** Whether it got through. */
  private async attempt(delivery: Delivery, signal: AbortSignal): Promise<boolean> {
    const { queue, onAttempt } = this.deps
    const { endpoint } = delivery
    const attempt = await this.send(delivery, signal)
    // Cut off by our own end: it counts for nothing, and is made by whoever comes next.
    if (signal.aborted && 'error' in attempt) return false
    const isDone = 'status' in attempt && attempt.status >= 200 && attempt.status < 300
    if (isDone) {
      await queue.succeeded(endpoint.id, delivery.id, attempt)
      onAttempt('succeeded')
      return true
    }
    const fate = this.fateOf(delivery)
    if (fate === 'dead')
      await this.tell(endpoint, 'Something was given up: it did not get through within a day.', 'dead')
    await queue.failed(endpoint.id, delivery.id, attempt, fate)
    onAttempt(fate === 'dead' ? 'dead' : 'failed')
    const isGone = 'status' in attempt && attempt.status === 410
    const isDown = fate === 'dead' && (endpoint.failingForMs ?? 0) >= GIVE_UP_AFTER_MS - SLACK_MS
    if ((isGone || isDown) && (await queue.disable(endpoint))) {
      await this.tell(endpoint, 'It was switched off: nothing has got through, or it says that it is gone.', 'off')
    }
    return false
  }

  private async send({ endpoint, eventId, body }: Delivery, signal: AbortSignal): Promise<Attempt> {
    try {
      const secrets = endpoint.secrets
        .map((secret) => this.deps.box.open(secret))
        .filter((secret) => secret !== undefined)
      if (secrets.length === 0) {
        const error = 'Its secret cannot be read: the server has another key. Make a new one.'
        await this.tell(endpoint, error, 'secret')
        return { error }
      }
      const request = { url: endpoint.url, secrets, eventId, body: body() }
      return await within(this.deps.attemptMs ?? ATTEMPT_MS, signal, (limit) => this.deps.sender.send(request, limit))
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      return { error: text.slice(0, ERROR_CHARACTERS).replaceAll('\u0000', '\ufffd') }
    }
  }

  private fateOf({ attempts, waitedMs }: Delivery): Fate {
    if (waitedMs >= GIVE_UP_AFTER_MS) return 'dead'
    // The last one is when the day is over.
    const retryInMs = retryDelayMs(attempts, this.deps.random ?? Math.random)
    return { retryInMs: Math.min(retryInMs, GIVE_UP_AFTER_MS - waitedMs) }
  }

  /** Tells those who manage webhooks, once an hour for each webhook. Never throws: the audit log and the page say it as well. */
  private async tell(endpoint: Endpoint, message: string, what: string): Promise<void> {
    const { queue, notify, logger } = this.deps
    const hour = new Date().toISOString().slice(0, 13)
    const subject = `${what} ${endpoint.id}`
    if (this.told.get(subject) === hour) return
    try {
      const managers = await queue.managers()
      const content = {
        title: `Webhook ${new URL(endpoint.url).host}`,
        message,
        type: 'error' as const,
        link: '/system/webhooks',
      }
      if (managers.length > 0) await notify(managers, content, `webhook ${subject} ${hour}`)
      this.told.set(subject, hour)
    } catch (error) {
      logger.warn('administrators could not be told of a webhook that fails', { endpointId: endpoint.id, error })
    }
  }
}

const restAfter = (lookedMs: number): number => Math.min(RESTS * lookedMs, LONGEST_REST_MS)
