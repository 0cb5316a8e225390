import { type LocalText, readIds } from '../runtime/localText'

/** Claims that are remembered; an older one is asked for by no tab any more. */
const MOST_CLAIMS = 200
/**
 * How long the lock of a claim is held: longer than one tab can hear of a notification after another, and than the storage
 * takes to show one tab what another wrote. That is not at once: each tab's process has a copy.
 */
const HOLD_MS = 30_000

export interface AlertClaimsDeps {
  userId: string
  /** Where the browser refuses it, every tab alerts for itself. */
  kept: LocalText
  /** Undefined where the page is served over plain http: two tabs may then, rarely, claim in the same instant. */
  locks: LockManager | undefined
}

/**
 * Lets one tab of a browser call attention to a notification that all of them receive: the first that claims it. Nobody
 * leads between alerts, so a tab that sleeps or crashes silences none of the others.
 */
export class AlertClaims {
  private readonly key: string

  constructor(private readonly deps: AlertClaimsDeps) {
    this.key = `tandem-alerted-${deps.userId}`
  }

  /** True for the one tab that may alert. */
  claim(notificationId: string): Promise<boolean> {
    const { locks } = this.deps
    if (locks === undefined) return Promise.resolve(this.take(notificationId))
    return new Promise((resolve) => {
      const held = locks.request(`${this.key}-${notificationId}`, { ifAvailable: true }, (lock) => {
        const mine = lock !== null && this.take(notificationId)
        resolve(mine)
        return mine ? new Promise<void>((release) => setTimeout(release, HOLD_MS)) : undefined
      })
      // A document that is going away gets no lock; it has nobody to alert either.
      held.catch(() => resolve(false))
    })
  }

  private take(id: string): boolean {
    const { kept } = this.deps
    const claimed = readIds(kept, this.key)
    if (claimed.includes(id)) return false
    // Where nothing is kept each tab alerts: one too many is better than none.
    kept.write(this.key, JSON.stringify([...claimed, id].slice(-MOST_CLAIMS)))
    return true
  }
}
