import { useSyncExternalStore } from 'react'
import type { SendLimitView } from '@/client/chat/view'
import { subscribeToNothing, useClient } from './useClient'

const starting: SendLimitView = { blockedUntil: undefined, remaining: undefined }
const getStarting = () => starting

/** Whether this person may send right now, and whether little is left. */
export const useSendLimit = (): SendLimitView => {
  const client = useClient()
  return useSyncExternalStore(
    client?.sendLimit.changed.on ?? subscribeToNothing,
    client === null ? getStarting : client.sendLimit.view,
    getStarting,
  )
}
