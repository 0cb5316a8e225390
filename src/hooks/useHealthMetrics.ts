import { useEffect, useState } from 'react'
import { HealthStore, NO_FIGURES_YET } from '@/client/health/HealthStore'
import type { HealthActions, HealthView } from '@/client/health/view'
import { createClientId } from '@/client/outbox/clientId'
import { systemClock } from '@/client/runtime/clock'
import { adminContract } from '@/contracts/all'
import { useClient } from './useClient'
import { useStore } from './useStore'

export { HISTORY_MS } from '@/client/health/history'

/** The figures, and what an admin can ask for besides. */
export interface HealthMetrics {
  view: HealthView
  /** Null until the page has started. */
  actions: HealthActions | null
}

/** The server's figures, live for as long as the component that asks is on the page; for admins. */
export const useHealthMetrics = (): HealthMetrics => {
  const client = useClient()
  const [store, setStore] = useState<HealthStore | null>(null)

  useEffect(() => {
    if (client === null) return
    const started = new HealthStore({
      transport: client.transport,
      link: client.socket.open('/admin', adminContract.events),
      clock: systemClock,
      createId: () => createClientId(crypto),
    })
    started.start()
    setStore(started)
    return () => {
      started.stop()
      setStore(null)
    }
  }, [client])

  return { view: useStore(store?.view, NO_FIGURES_YET), actions: store?.actions ?? null }
}
