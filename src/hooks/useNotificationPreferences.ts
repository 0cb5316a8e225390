import { useCallback, useEffect } from 'react'
import type { ServerView } from '@/client/runtime/ServerValue'
import type { ChangePreferencesInput, NotificationPreferences } from '@/contracts/preferences'
import { settingsOf } from './notificationSettings'
import { running, useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: ServerView<NotificationPreferences> = { value: undefined, error: undefined }

/**
 * What may call for the person's attention, current on every page of theirs. What is changed shows at once, and is as before
 * when `change` rejects.
 */
export function useNotificationPreferences() {
  const client = useClient()
  const settings = client ? settingsOf(client) : undefined
  useEffect(() => settings?.preferences.want(), [settings])
  const { value, error } = useStore(settings?.preferences.view, STARTING)
  const change = useCallback(async (news: ChangePreferencesInput) => settingsOf(running(client)).change(news), [client])
  const again = useCallback(async () => settingsOf(running(client)).preferences.renew(), [client])
  return { preferences: value, problem: error?.message, change, again }
}
