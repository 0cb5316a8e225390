import { AlertClaims } from '@/client/notifications/AlertClaims'
import { createLocalText } from '@/client/runtime/localText'
import type { TandemClient } from '@/client/TandemClient'
import type { ChatMessage, Room } from '@/contracts/chat'
import type { Notification } from '@/contracts/notifications'
import { type Occasion, occasionOf } from '@/contracts/preferences'
import { settingsOf } from './notificationSettings'

/** What may call for attention. */
export type Arrival = { notification: Notification } | { message: ChatMessage; room: Room }

/** What a tab nobody looks at leaves the others to claim an alert first. */
const HIDDEN_HEAD_START_MS = 400
const UNFOCUSED_HEAD_START_MS = 120

/** What one that was never touched leaves them besides: the browser lets it make no sound. */
const UNTOUCHED_HEAD_START_MS = 200

/** What is sent in one conversation within the same so many milliseconds is one alert. */
const BURST_MS = 3_000

const headStart = () => {
  if (document.visibilityState === 'visible' && document.hasFocus()) return 0
  // Missing in some browsers, whatever the types say.
  const { userActivation }: { userActivation?: UserActivation } = navigator
  const untouchedMs = userActivation?.hasBeenActive === false ? UNTOUCHED_HEAD_START_MS : 0
  return untouchedMs + (document.visibilityState === 'visible' ? UNFOCUSED_HEAD_START_MS : HIDDEN_HEAD_START_MS)
}

/** Null: it calls for nobody's attention, whatever they prefer. */
function occasion(arrival: Arrival, userId: string): Occasion | null {
  if ('notification' in arrival) return occasionOf(arrival.notification)
  const { message, room } = arrival
  // Who is named has a notification of it.
  return message.mentions?.includes(userId) ? null : { kind: room.kind, mutedUntil: room.mutedUntil }
}

/** By the server's clock, so that all tabs speak of the same one. */
const idOf = (arrival: Arrival): string => {
  if ('notification' in arrival) return arrival.notification.id
  const { roomId, createdAt } = arrival.message
  return `${roomId} ${Math.floor(Date.parse(createdAt) / BURST_MS)}`
}

/**
 * Says of what arrives whether this tab is to call for attention: as the person prefers it, and in one tab of this browser,
 * the one in front, if any is. Its code comes with the first that arrives.
 */
export function createAlerting(client: TandemClient, userId: string): (arrival: Arrival) => Promise<boolean> {
  // Missing where the page is served over plain http, whatever the types say.
  const locks = 'locks' in navigator ? navigator.locks : undefined
  const claims = new AlertClaims({ userId, kept: createLocalText(), locks })
  const settings = settingsOf(client)

  return async (arrival) => {
    const what = occasion(arrival, userId)
    if (what === null || !(await settings.mayAlert(what))) return false
    const waitMs = headStart()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    return claims.claim(idOf(arrival))
  }
}
