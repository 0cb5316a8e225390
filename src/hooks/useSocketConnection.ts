import { useSyncExternalStore } from 'react'
import type { ConnectionView } from '@/client/chat/view'
import { subscribeToNothing, useClient } from './useClient'

const starting: ConnectionView = {
  state: 'connecting',
  problem: undefined,
  queued: 0,
  storageWarning: undefined,
  metrics: { transport: undefined, connectMs: undefined, reconnects: 0 },
}
const getStarting = () => starting

/** What the page says of its connection. */
export const useSocketConnection = (): ConnectionView => {
  const client = useClient()
  return useSyncExternalStore(
    client?.subscribeConnection ?? subscribeToNothing,
    client === null ? getStarting : () => client.connectionView(),
    getStarting,
  )
}
