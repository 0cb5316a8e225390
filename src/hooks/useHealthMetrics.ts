import { useEffect, useState, useSyncExternalStore } from 'react'
import { HealthStore, noFiguresYet } from '@/client/health/HealthStore'
import type { HealthActions, HealthView } from '@/client/health/view'
import { createClientId } from '@/client/outbox/clientId'
import { systemClock } from '@/client/transport/clock'
import { createHttpClient } from '@/client/transport/http'
import { MetricsSnapshot } from '@/contracts/admin'
import { adminContract } from '@/contracts/all'
import { subscribeToNothing, useClient } from './useClient'

const getStarting = () => noFiguresYet

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
    const http = createHttpClient({ timeoutMs: 5_000 })
    const started = new HealthStore({
      link: client.socket.link('/admin', adminContract),
      clock: systemClock,
      createId: () => createClientId(crypto),
      readOverHttp: () => http.request({ method: 'GET', path: '/api/system/metrics', schema: MetricsSnapshot }),
    })
    started.start()
    setStore(started)
    return () => {
      started.stop()
      setStore(null)
    }
  }, [client])

  const view = useSyncExternalStore(store?.subscribe ?? subscribeToNothing, store?.getView ?? getStarting, getStarting)
  return { view, actions: store?.actions ?? null }
}
