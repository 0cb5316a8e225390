import { useSyncExternalStore } from 'react'
import type { PresenceMap } from '@/contracts/presence'
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
