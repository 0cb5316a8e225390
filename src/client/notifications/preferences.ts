import * as z from 'zod/mini'
import { NotificationType } from '@/contracts/notifications'

const TimeOfDay = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/))

/** How this browser calls attention to what is new; what is new is listed and counted all the same. */
export const NotificationPreferences = z.object({
  /** Kinds that are only listed. */
  muted: z.catch(z.array(NotificationType), []),
  /** Do not disturb, each day, in the browser's time zone; `from` after `to` reaches over midnight. */
  quiet: z.catch(z.object({ enabled: z.boolean(), from: TimeOfDay, to: TimeOfDay }), {
    enabled: false,
    from: '22:00',
    to: '07:00',
  }),
  sound: z.catch(z.boolean(), false),
  desktop: z.catch(z.boolean(), false),
})
export type NotificationPreferences = z.infer<typeof NotificationPreferences>

export const DEFAULT_PREFERENCES: NotificationPreferences = NotificationPreferences.parse({})

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Whether the hours of do-not-disturb cover this moment. Equal times cover the whole day. */
export const isQuiet = ({ quiet }: NotificationPreferences, now: Date): boolean => {
  if (!quiet.enabled) return false
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  const minute = now.getHours() * 60 + now.getMinutes()
  return from < to ? from <= minute && minute < to : from <= minute || minute < to
}

/** Whether a new notification of this kind may call for attention now. */
export const mayAlert = (type: NotificationType, preferences: NotificationPreferences, now: Date): boolean =>
  !preferences.muted.includes(type) && !isQuiet(preferences, now)

/** From what was stored; anything that cannot be read is the default. */
export const parsePreferences = (stored: string | null | undefined): NotificationPreferences => {
  try {
    return z.catch(NotificationPreferences, DEFAULT_PREFERENCES).parse(JSON.parse(stored ?? '{}'))
  } catch {
    return DEFAULT_PREFERENCES
  }
}
