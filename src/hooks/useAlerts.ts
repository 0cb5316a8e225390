import { useEffect, useRef } from 'react'
import { AlertClaims } from '@/client/notifications/AlertClaims'
import { mayAlert } from '@/client/notifications/preferences'
import { createLocalText } from '@/client/runtime/localText'
import type { Notification } from '@/contracts/notifications'
import { useAuth } from './useAuth'
import { useClient } from './useClient'
import { useNotificationPreferences } from './useNotificationPreferences'

/** What a tab nobody looks at leaves the others to claim an alert first. */
const HIDDEN_HEAD_START_MS = 400
const UNFOCUSED_HEAD_START_MS = 120

/** What one that was never touched leaves them besides: the browser lets it make no sound. */
const UNTOUCHED_HEAD_START_MS = 200

const headStart = () => {
  if (document.visibilityState === 'visible' && document.hasFocus()) return 0
  // Missing in some browsers, whatever the types say.
  const { userActivation }: { userActivation?: UserActivation } = navigator
  const untouchedMs = userActivation?.hasBeenActive === false ? UNTOUCHED_HEAD_START_MS : 0
  return untouchedMs + (document.visibilityState === 'visible' ? UNFOCUSED_HEAD_START_MS : HIDDEN_HEAD_START_MS)
}

/**
 * Calls `onAlert` for each new notification that may call for attention by the person's preferences, in one tab of this
 * browser: the one in front, if any is.
 */
export const useAlerts = (onAlert: (notification: Notification) => void): void => {
  const client = useClient()
  const { user } = useAuth()
  const { preferences } = useNotificationPreferences()
  const userId = user?.id
  const latest = useRef({ preferences, onAlert })
  useEffect(() => {
    latest.current = { preferences, onAlert }
  })

  useEffect(() => {
    if (client === null || userId === undefined) return
    // Missing where the page is served over plain http, whatever the types say.
    const locks = 'locks' in navigator ? navigator.locks : undefined
    const claims = new AlertClaims({ userId, kept: createLocalText(), locks })
    let stopped = false
    const off = client.notifications.arrived.on((notification) => {
      if (!mayAlert(notification.type, latest.current.preferences, new Date())) return
      const claim = async () => {
        if (stopped || !(await claims.claim(notification.id)) || stopped) return
        latest.current.onAlert(notification)
      }
      const waitMs = headStart()
      if (waitMs === 0) void claim()
      else setTimeout(() => void claim(), waitMs)
    })
    return () => {
      stopped = true
      off()
    }
  }, [client, userId])
}
