import { useCallback, useMemo } from 'react'
import { alertsKey, type BrowserAlerts, parseBrowserAlerts } from '@/client/notifications/browserAlerts'
import { useAuth } from './useAuth'
import { useLocalText } from './useLocalText'

/** What this browser may do for the person's attention, the same in all its tabs. `save` is false where it keeps nothing. */
export const useBrowserAlerts = () => {
  const { user } = useAuth()
  const [stored, change] = useLocalText(alertsKey(user?.id ?? ''))
  const browser = useMemo(() => parseBrowserAlerts(stored), [stored])
  const save = useCallback(
    (news: Partial<BrowserAlerts>): boolean =>
      change((before) => JSON.stringify({ ...parseBrowserAlerts(before), ...news })),
    [change],
  )
  return { browser, save }
}
