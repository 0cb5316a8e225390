import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { type NotificationPreferences, parsePreferences } from '@/client/notifications/preferences'
import { useAuth } from './useAuth'

const changed = 'tandem-preferences'

const subscribe = (listener: () => void) => {
  // `storage` tells of other tabs, our own event of this one.
  window.addEventListener('storage', listener)
  window.addEventListener(changed, listener)
  return () => {
    window.removeEventListener('storage', listener)
    window.removeEventListener(changed, listener)
  }
}

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

const write = (key: string, value: string): boolean => {
  try {
    localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}

/** The person's preferences in this browser, the same in all its tabs. `save` is false where the browser keeps nothing. */
export const useNotificationPreferences = () => {
  const { user } = useAuth()
  const key = `tandem-notification-preferences-${user?.id ?? ''}`
  const stored = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const preferences = useMemo(() => parsePreferences(stored), [stored])
  const save = useCallback(
    (change: Partial<NotificationPreferences>): boolean => {
      const kept = write(key, JSON.stringify({ ...parsePreferences(read(key)), ...change }))
      window.dispatchEvent(new Event(changed))
      return kept
    },
    [key],
  )
  return { preferences, save }
}
