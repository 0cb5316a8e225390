import { useCallback, useEffect, useState } from 'react'
import { PushDevice, type PushSupport } from '@/client/push/PushDevice'
import { useBrowserAlerts } from './useBrowserAlerts'
import { running, useClient } from './useClient'

/** Whether this browser can be told of things while no page is open (undefined: not known yet), and whether it is. */
export function usePushDevice() {
  const client = useClient()
  const { browser, save } = useBrowserAlerts()
  const [support, setSupport] = useState<PushSupport>()
  useEffect(() => {
    if (!client) return
    let isShown = true
    const known = (answer: PushSupport) => isShown && setSupport(answer)
    // Where nobody answers it cannot be switched on now either.
    new PushDevice(client.transport).support().then(known, () => known('unset'))
    return () => {
      isShown = false
    }
  }, [client])

  /** To be called by the person's click. Rejects as `Transport.call` does, or where the browser refuses. */
  const change = useCallback(
    async (on: boolean) => {
      const device = new PushDevice(running(client).transport)
      const isOn = on && (await device.switchOn())
      if (!on) await device.switchOff()
      save({ push: isOn })
      setSupport(await device.support())
    },
    [client, save],
  )
  return { support, isOn: browser.push && support === 'possible', change }
}
