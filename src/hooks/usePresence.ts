import { useEffect, useSyncExternalStore } from 'react'
import type { Presence, PresenceMap } from '@/contracts/presence'
import { subscribeToNothing, useClient } from './useClient'

const nobody: PresenceMap = {}
const getNobody = () => nobody

/** Who of the people one shares a room with is here, away, or when they were last seen; absent while not known. */
export const usePresence = (): PresenceMap => {
  const client = useClient()
  return useSyncExternalStore(
    client?.presence.subscribe ?? subscribeToNothing,
    client === null ? getNobody : () => client.presence.getSnapshot(),
    getNobody,
  )
}

/** Whether this person is here; undefined while not known. Somebody one has only just met is asked for. */
export const usePersonPresence = (userId: string | undefined): Presence | undefined => {
  const client = useClient()
  const presence = usePresence()[userId ?? '']
  const unknown = userId !== undefined && presence === undefined
  useEffect(() => {
    if (unknown) client?.presence.wonder()
  }, [client, unknown])
  return presence
}
