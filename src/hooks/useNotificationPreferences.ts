import { useCallback, useMemo } from 'react'
import { type NotificationPreferences, parsePreferences } from '@/client/notifications/preferences'
import { useAuth } from './useAuth'
import { useLocalText } from './useLocalText'

/** The person's preferences in this browser, the same in all its tabs. `save` is false where the browser keeps nothing. */
export const useNotificationPreferences = () => {
  const { user } = useAuth()
  const [stored, change] = useLocalText(`tandem-notification-preferences-${user?.id ?? ''}`)
  const preferences = useMemo(() => parsePreferences(stored), [stored])
  const save = useCallback(
    (news: Partial<NotificationPreferences>): boolean =>
      change((before) => JSON.stringify({ ...parsePreferences(before), ...news })),
    [change],
  )
  return { preferences, save }
}
