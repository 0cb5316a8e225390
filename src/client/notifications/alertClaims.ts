import { z } from 'zod'
import type { IdStorage } from './clearedIds'

/** Claims that are remembered; an older one is asked for by no tab any more. */
const mostClaims = 200
/**
 * How long the lock of a claim is held, in milliseconds: longer than one tab can hear of a notification after another,
 * and than the storage takes to show one tab what another wrote. That is not at once: each tab's process has a copy.
 */
const holdMs = 30_000

export interface AlertClaimsDeps {
  userId: string
  /** Undefined where the browser refuses it: every tab then alerts for itself. */
  storage: IdStorage | undefined
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
        return mine ? new Promise<void>((release) => setTimeout(release, holdMs)) : undefined
      })
      // A document that is going away gets no lock; it has nobody to alert either.
      held.catch(() => resolve(false))
    })
  }

  private take(id: string): boolean {
    const claimed = this.read()
    if (claimed.includes(id)) return false
    try {
      this.deps.storage?.setItem(this.key, JSON.stringify([...claimed, id].slice(-mostClaims)))
    } catch {
      // Refused or full: an alert too many is better than none.
    }
    return true
  }

  private read(): string[] {
    try {
      return z
        .array(z.string())
        .catch([])
        .parse(JSON.parse(this.deps.storage?.getItem(this.key) ?? '[]'))
    } catch {
      return []
    }
  }
}
