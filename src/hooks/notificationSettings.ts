import { NotificationSettings } from '@/client/notifications/NotificationSettings'
import type { TandemClient } from '@/client/TandemClient'

/** One for each client, made when somebody needs it: a page that is only read does without its code. */
const known = new WeakMap<TandemClient, NotificationSettings>()

/** A client's settings: the same ones for all who ask. */
export const settingsOf = (client: TandemClient): NotificationSettings => {
  const { runtime, transport, notificationsLink: link } = client
  const settings = known.get(client) ?? new NotificationSettings(runtime, { transport, link })
  known.set(client, settings)
  return settings
}
