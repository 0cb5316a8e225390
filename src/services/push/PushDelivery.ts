import type { LastSeen } from '../presence/ports'
import { retryDelayMs } from '../shared/backoff'
import type { Logger } from '../shared/Logger'
import { within } from '../shared/within'
import { decidePush } from './decidePush'
import type { PushQueue, PushSender, WaitingPush } from './ports'

/** Browsers that are told at a time. */
const AT_ONCE = 32
/** After this a job lets others have their turn, in milliseconds. */
const TURN_MS = 5_000
/** What is waited for is looked at again after at most so long: something sooner may have come. */
const LOOK_MS = 5_000
const ATTEMPT_MS = 5_000
/** What was taken and not told by then is taken again: its process died. */
const LEASE_MS = 30_000
/** Of these at one push service: as many as there are connections to one server. */
const AT_ONCE_OF_SERVER = 8
/** For so long it is known how often something was told that nobody reads. */
const REMEMBER_MS = 10 * 60_000
/** A push service that refuses for so long need not have it any more. */
const GIVE_UP_MS = 60 * 60_000
/** A browser that nothing reached for so long is forgotten. */
const FORGET_MS = 7 * 24 * 60 * 60_000
/** A push service that asks for more patience is asked again after this. */
const MOST_RETRY_MS = 15 * 60_000
/** For a browser that is not there its push service keeps it so long: it may be deleted meanwhile, or not be for them any more. */
const TTL_SECONDS = 2 * 60 * 60

/** Answers to what may be taken later. One who does not take our keys may be told the right ones, or never: then it is forgotten. */
const MAY_CHANGE = new Set([401, 403, 408, 429])

/** `refused`: this push will never be taken. `gone`: there is no such browser. `failed`: it is tried again. */
export type PushOutcome = 'sent' | 'failed' | 'refused' | 'gone' | 'given up'

export interface PushDeliveryDeps {
  queue: PushQueue
  sender: PushSender
  inFront: (people: readonly LastSeen[]) => Promise<ReadonlyMap<string, boolean | undefined>>
  /** How long something has to be read, or seen on a page, before a browser is told. */
  delayMs: number
  /** Told of each attempt. */
  onAttempt: (outcome: PushOutcome) => void
  logger: Pick<Logger, 'warn'>
  now?: () => Date
  random?: () => number
  attemptMs?: number
}

/** Tells browsers what waits for them, many at a time; one that fails is tried later and holds up nobody. To be called by one at a time. */
export class PushDelivery {
  constructor(private readonly deps: PushDeliveryDeps) {}

  /** Resolves to after how many milliseconds it is to be called again; null: nothing waits. */
  async deliver(signal: AbortSignal): Promise<number | null> {
    const { queue, delayMs } = this.deps
    const until = performance.now() + TURN_MS
    const underWay = new Map<WaitingPush, Promise<void>>()
    let failure: { error: unknown } | undefined
    let wasNews = false
    const goesOn = () => !signal.aborted && performance.now() < until && failure === undefined
    try {
      while (goesOn()) {
        const news = await queue.spread(delayMs)
        wasNews ||= news !== 'none'
        const taken = await this.take([...underWay.keys()])
        for (const { push, inFront } of await this.withPresence(taken)) {
          const one = this.tell(push, inFront, signal)
            .catch((error: unknown) => {
              failure ??= { error }
            })
            .finally(() => underWay.delete(push))
          underWay.set(push, one)
        }
        if (news === 'more') continue
        if (underWay.size === 0) return this.restMs(wasNews)
        if (taken.length === 0 || underWay.size >= AT_ONCE) await Promise.race(underWay.values())
      }
    } finally {
      // Whoever comes next is alone.
      await Promise.all(underWay.values())
    }
    if (failure) throw failure.error
    return 0
  }

  private async restMs(wasNews: boolean): Promise<number | null> {
    const nextMs = await this.deps.queue.nextInMs()
    if (nextMs !== null) return Math.min(Math.max(0, nextMs), LOOK_MS)
    // What was noted while this was spread was not announced: somebody looks once more.
    return wasNews ? LOOK_MS : null
  }

  private async take(underWay: WaitingPush[]): Promise<WaitingPush[]> {
    const most = AT_ONCE - underWay.length
    if (most <= 0) return []
    return this.deps.queue.take({ most, leaseMs: LEASE_MS, mostOfServer: AT_ONCE_OF_SERVER, underWay })
  }

  private async withPresence(pushes: WaitingPush[]) {
    if (pushes.length === 0) return []
    const people = new Map(pushes.map(({ person: { id, lastSeen } }) => [id, { id, lastSeen }]))
    const inFront = await this.deps.inFront([...people.values()])
    return pushes.map((push) => ({ push, inFront: inFront.get(push.person.id) }))
  }

  private async tell(push: WaitingPush, inFront: boolean | undefined, signal: AbortSignal): Promise<void> {
    const { queue, delayMs, logger, now = () => new Date() } = this.deps
    const fate = decidePush(push, { inFront, now: now(), delayMs })
    if (fate === 'drop') return queue.done(push, delayMs)
    if ('waitMs' in fate) return queue.postpone(push, fate.waitMs)
    const { endpoint, keys, server, failures } = push.subscription
    const request = { endpoint, keys, ...fate, ttlSeconds: TTL_SECONDS }
    const answer = await within(this.deps.attemptMs ?? ATTEMPT_MS, signal, (limit) =>
      this.deps.sender.send(request, limit),
    ).catch((error: unknown) => {
      // Of what fails for long the first says why. The rest of the address is the browser's secret.
      if (!signal.aborted && failures === 0) logger.warn('a push service did not answer', { server, error })
      return null
    })
    // Cut off by our own end: it counts for nothing, and is told by whoever comes next.
    if (answer === null && signal.aborted) return queue.postpone(push, 0)
    return this.settle(push, answer)
  }

  private async settle(push: WaitingPush, answer: Awaited<ReturnType<PushSender['send']>> | null): Promise<void> {
    const { queue, delayMs, onAttempt, random = Math.random } = this.deps
    const status = answer?.status ?? 503
    if (status >= 200 && status < 300) {
      await queue.sent(push, { delayMs, rememberMs: REMEMBER_MS })
      return onAttempt('sent')
    }
    if (status === 404 || status === 410) {
      await queue.gone(push)
      return onAttempt('gone')
    }
    if (status < 500 && !MAY_CHANGE.has(status)) {
      await queue.done(push, delayMs)
      return onAttempt('refused')
    }
    const wanted = answer?.retryAfterMs ?? retryDelayMs(push.subscription.failures, random)
    const retryMs = Math.min(wanted, MOST_RETRY_MS)
    const givenUp = await queue.failed(push, { retryMs, giveUpMs: GIVE_UP_MS, forgetMs: FORGET_MS })
    onAttempt(givenUp > 0 ? 'given up' : 'failed')
  }
}
