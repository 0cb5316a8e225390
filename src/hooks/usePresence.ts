import { useEffect } from 'react'
import type { Presence, PresenceMap } from '@/contracts/presence'
import { useClient } from './useClient'
import { useSocketConnection } from './useSocketConnection'
import { useStore } from './useStore'

const NOBODY: PresenceMap = {}

/** Who of the people one shares a room with is here, away, or when they were last seen; absent while not known. */
export const usePresence = (): PresenceMap => useStore(useClient()?.presence.view, NOBODY)

/**
 * Whether this person is here; undefined while not known, and while offline, since whoever was here may have gone. Somebody
 * one has only just met is asked for.
 */
export const usePersonPresence = (userId: string | undefined): Presence | undefined => {
  const client = useClient()
  const presence = usePresence()[userId ?? '']
  const isOffline = useSocketConnection().state === 'offline'
  const unknown = userId !== undefined && presence === undefined
  useEffect(() => {
    if (unknown) client?.presence.askForNewcomer()
  }, [client, unknown])
  return isOffline ? undefined : presence
}
