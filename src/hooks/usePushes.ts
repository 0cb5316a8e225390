import { useEffect } from 'react'
import { useClient } from './useClient'

/** The first moments of a page belong to what is asked of the server. */
const KEEP_AFTER_MS = 3_000

/**
 * Where this browser is told of things by push: keeps it so, and opens in this page what was clicked in a notification.
 * @param open - goes to a page of this site.
 */
export function usePushes(isOn: boolean, open: (path: string) => void): void {
  const client = useClient()
  useEffect(() => {
    if (!isOn || !client) return
    const keep = async () => {
      const { PushDevice } = await import('@/client/push/PushDevice')
      await new PushDevice(client.transport).keep()
    }
    const timer = setTimeout(() => {
      keep().catch((error: unknown) => client.runtime.log.warn('[Push] Not kept', { error: String(error) }))
    }, KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isOn, client])

  useEffect(() => {
    if (!isOn) return
    // Missing where the page is served over plain http, whatever the types say.
    const { serviceWorker }: { serviceWorker?: ServiceWorkerContainer } = navigator
    const heard = ({ data, ports }: MessageEvent<unknown>) => {
      if (typeof data !== 'object' || data === null || !('open' in data) || typeof data.open !== 'string') return
      ports[0]?.postMessage('opened')
      open(data.open)
    }
    serviceWorker?.addEventListener('message', heard)
    return () => serviceWorker?.removeEventListener('message', heard)
  }, [isOn, open])
}
