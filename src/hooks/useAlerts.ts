import { useEffect, useRef } from 'react'
import type { Arrival } from './alerting'
import { useAuth } from './useAuth'
import { useClient } from './useClient'

/**
 * Calls `onAlert` for what arrives and may call for attention, see `createAlerting`.
 * @param withMessages - also for messages, not for notifications alone.
 */
export const useAlerts = (onAlert: (arrival: Arrival) => void, withMessages: boolean): void => {
  const client = useClient()
  const { user } = useAuth()
  const userId = user?.id
  const latest = useRef(onAlert)
  useEffect(() => {
    latest.current = onAlert
  })

  useEffect(() => {
    if (client === null || userId === undefined) return
    let stopped = false
    let alerting: Promise<(arrival: Arrival) => Promise<boolean>> | undefined
    const load = async () => (await import('./alerting')).createAlerting(client, userId)
    const arrived = async (arrival: Arrival) => {
      alerting ??= load()
      try {
        const isToAlert = await (await alerting)(arrival)
        if (isToAlert && !stopped) latest.current(arrival)
      } catch {
        // Its code could not be fetched; the next that arrives asks again.
        alerting = undefined
      }
    }
    const offs = [client.notifications.arrived.on((notification) => void arrived({ notification }))]
    if (withMessages) offs.push(client.chat.arrived.on((arrival) => void arrived(arrival)))
    return () => {
      stopped = true
      for (const off of offs) off()
    }
  }, [client, userId, withMessages])
}
