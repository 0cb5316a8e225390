import { type Digest, isQuiet, mayAlert, type NotificationPreferences, occasionOf } from '@/contracts/preferences'
import type { DigestPerson, Unread, UnreadNotification, UnreadRoom } from './digestPorts'

const MINUTE_MS = 60_000

/** How long something stays unread before it is mailed, and how long it is at least from one digest to the next. */
export const digestSpans: Record<Exclude<Digest, 'off'>, number> = { hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS }

/** While somebody is here, or wants quiet, it is looked again so often. */
const LATER_MS = 10 * MINUTE_MS

/** What a digest would tell of. */
export interface DigestContent {
  rooms: UnreadRoom[]
  notifications: UnreadNotification[]
}

/** `send`: that, now. `pass`: nothing of what there is, if anything, is ever mailed. `wait`: nothing happens until then. */
export type DigestDecision =
  | { do: 'send'; content: DigestContent; lookAt: Date }
  | { do: 'pass'; lookAt: Date }
  | { do: 'wait'; lookAt: Date }

interface Moment {
  now: Date
  /** Somebody is in front of a page of theirs. */
  isHere: boolean
}

/** What becomes of somebody's digest. What is not there yet cannot have waited long enough before a whole span is over. */
export function decideDigest(
  digest: Exclude<Digest, 'off'>,
  preferences: NotificationPreferences,
  { sentAt }: Pick<DigestPerson, 'sentAt'>,
  unread: Unread,
  { now, isHere }: Moment,
): DigestDecision {
  const spanMs = digestSpans[digest]
  const after = (ms: number, from = now) => new Date(from.getTime() + ms)
  // Quiet hours put it off, and are no answer to what is wanted.
  const content = wanted({ ...preferences, quietHours: { ...preferences.quietHours, enabled: false } }, unread, now)
  const since = [
    ...content.rooms.map(({ oldestAt }) => oldestAt.getTime()),
    ...content.notifications.map(({ createdAt }) => createdAt.getTime()),
  ]
  if (since.length === 0) return { do: 'pass', lookAt: after(spanMs) }
  const due = Math.max(Math.min(...since), sentAt?.getTime() ?? 0) + spanMs
  if (due > now.getTime()) return { do: 'wait', lookAt: new Date(due) }
  if (isHere || isQuiet(preferences.quietHours, now)) return { do: 'wait', lookAt: after(LATER_MS) }
  return { do: 'send', content, lookAt: after(spanMs) }
}

/** A room that is told tells also where somebody is named in it. */
function wanted(preferences: NotificationPreferences, unread: Unread, now: Date): DigestContent {
  const rooms = unread.rooms.filter(({ kind, mutedUntil }) => mayAlert(preferences, { kind, mutedUntil }, 'email', now))
  const isIn = (link: string) => rooms.some(({ roomId }) => link.startsWith(`/chat/${roomId}?`))
  const notifications = unread.notifications.filter(
    (notification) =>
      !(notification.link && isIn(notification.link)) && mayAlert(preferences, occasionOf(notification), 'email', now),
  )
  return { rooms, notifications }
}
