import type { ConnectionView } from '@/client/transport/ConnectionMonitor'
import { useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: ConnectionView = {
  state: 'connecting',
  problem: undefined,
  queued: 0,
  storageWarning: undefined,
  metrics: { transport: undefined, connectMs: undefined, reconnects: 0 },
}

/** What the page says of its connection. */
export const useSocketConnection = (): ConnectionView => useStore(useClient()?.connection, STARTING)
