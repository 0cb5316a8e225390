import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { PushSubscriptionInput } from '@/contracts/push'
import type { SessionUser } from '../shared/SessionUser'
import type { PushSubscriptions } from './ports'

export interface PushServiceDeps {
  subscriptions: PushSubscriptions
  /** By which browsers know our pushes; null: none are sent. */
  publicKey: string | null
  /** Why nothing is ever sent to this address; null: it may be. */
  refusalOf: (endpoint: string) => string | null
  /** Whether something can be encrypted for it. */
  isPublicKey: (key: string) => boolean
  makeId: () => string
}

/** The browsers in which a person wants to be told of things while no page is open. */
export class PushService {
  constructor(private readonly deps: PushServiceDeps) {}

  key(): { publicKey: string | null } {
    return { publicKey: this.deps.publicKey }
  }

  /** Until the session of this call ends. @throws AppError BAD_REQUEST, NOT_FOUND (none are sent), SESSION_EXPIRED. */
  async subscribe(user: SessionUser, { endpoint, keys }: PushSubscriptionInput): Promise<{ endpoint: string }> {
    const { subscriptions, publicKey, refusalOf, isPublicKey, makeId } = this.deps
    if (publicKey === null)
      throw new AppError('NOT_FOUND', { message: 'This installation sends no push notifications.' })
    if (refusalOf(endpoint) !== null) {
      throw new AppError('BAD_REQUEST', {
        message: 'This is no address of a push service: it is https, on the internet.',
      })
    }
    if (!isPublicKey(keys.p256dh)) throw new AppError('BAD_REQUEST', { message: 'keys.p256dh is no public key.' })
    const subscription = { id: makeId(), userId: user.id, sessionId: user.sessionId, endpoint, keys }
    const outcome = await subscriptions.add(subscription, limits.pushSubscriptions)
    if (outcome === 'ended') throw new AppError('SESSION_EXPIRED')
    if (outcome === 'taken') {
      throw new AppError('BAD_REQUEST', { message: 'This address is that of another browser.' })
    }
    return { endpoint }
  }

  async unsubscribe(user: SessionUser, endpoint: string): Promise<{ endpoint: string }> {
    await this.deps.subscriptions.remove(user.id, endpoint)
    return { endpoint }
  }
}
