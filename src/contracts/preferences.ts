import * as z from 'zod/mini'
import { command, commandTable } from './command'
import { isMuted } from './isMuted'
import { limits } from './limits'
import { type Notification, notificationTypes, Topic } from './notifications'
import { atMost } from './primitives'

/**
 * The ways of calling for somebody's attention that this installation has, each with what holds until a person chooses
 * otherwise. A new one is a row here; whatever sends by it asks `mayAlert` before it does.
 */
export const channels = {
  /** An open page: its toast, its sound, its desktop notification. */
  bell: { isOn: true },
  /** The browsers that this person switched it on in, while no page of theirs is in front. */
  push: { isOn: true },
  /** The digest of what was not read; only where this installation sends e-mail. */
  email: { isOn: true },
} as const
export type Channel = keyof typeof channels
/** The names of `channels`. */
export const channelNames = Object.keys(channels) as [Channel, ...Channel[]] // Object.keys forgets the literal names

/** What calls for attention: a message in a direct room or a group, being named in one, a notification by its type. */
export const alertKinds = ['direct', 'group', 'mention', ...notificationTypes] as const
export type AlertKind = (typeof alertKinds)[number]

/** Some of these names, each with a value; a name that there is not is refused. */
const some = <Name extends string, Schema extends z.ZodMiniType>(
  what: string,
  names: readonly Name[],
  schema: Schema,
) => z.partialRecord(z.enum(names), schema, { error: `A ${what} is one of ${names.join(', ')}.` })

/** An object with one schema for each of these names. */
const each = <Name extends string, Schema extends z.ZodMiniType>(names: readonly Name[], schema: Schema) =>
  z.object(Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>) // one for each name

/** By channel; a page knows fewer than a newer server. */
export const Choices = each(channelNames, z.boolean())
export type Choices = z.infer<typeof Choices>

const TimeOfDay = z
  .string({ error: 'Give a time of day, like 22:00.' })
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give a time of day, like 22:00.'))

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '' && /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}
const notATimeZone = 'Give a time zone by its IANA name, like Europe/Berlin.'
const TimeZone = z
  .string({ error: notATimeZone })
  .check(z.maxLength(64, notATimeZone), z.refine(isTimeZone, notATimeZone))

/** After how long somebody is mailed what they have not read by then, and how often at most. */
export const digests = ['off', 'hour', 'day'] as const
/** One of `digests`. */
export const Digest = z.enum(digests, { error: `A digest is one of ${digests.join(', ')}.` })
export type Digest = z.infer<typeof Digest>

/** Each day, by the clocks of that zone; `from` after `to` reaches over midnight, equal times are the whole day. */
export const QuietHours = z.object({
  enabled: z.boolean(),
  from: z.string(),
  to: z.string(),
  /** Absent: none was chosen yet; then it is UTC. */
  timeZone: z.optional(z.string()),
})
export type QuietHours = z.infer<typeof QuietHours>

/** What may call for this person's attention, on all of their devices. It is listed and counted all the same. */
export const NotificationPreferences = z.object({
  kinds: each(alertKinds, Choices),
  /** Of each topic that one follows. */
  topics: z.record(Topic, Choices),
  quietHours: QuietHours,
  /** Absent: this installation sends no e-mail. */
  digest: z.optional(Digest),
  /** Whether one's address was proved: none is mailed before. Absent as `digest`. */
  emailProved: z.optional(z.boolean()),
})
export type NotificationPreferences = z.infer<typeof NotificationPreferences>

const someChannels = some('channel', channelNames, z.boolean({ error: 'A choice is true or false.' }))

/** What is left out stays. A channel or kind that there is not is no mistake to be passed over. */
export const ChangePreferencesInput = z.object({
  kinds: z.optional(some('kind', alertKinds, someChannels)),
  /** Topics that one follows. */
  topics: z.optional(atMost(limits.topics, 'topics', z.record(Topic, someChannels))),
  quietHours: z.optional(
    z.object({
      enabled: z.exactOptional(z.boolean()),
      from: z.exactOptional(TimeOfDay),
      to: z.exactOptional(TimeOfDay),
      timeZone: z.exactOptional(TimeZone),
    }),
  ),
  digest: z.optional(Digest),
})
export type ChangePreferencesInput = z.output<typeof ChangePreferencesInput>

/** Not among `notificationQueries`: pages load it with the settings. */
export const preferenceCommands = commandTable(null, {
  /** What may call for one's attention, and when. */
  readPreferences: command({
    input: z.undefined(),
    data: NotificationPreferences,
    http: 'GET /api/notifications/preferences',
    permission: 'notifications:read',
    limit: 'notifications',
  }),
  /** What is left out stays as it is. */
  changePreferences: command({
    input: ChangePreferencesInput,
    data: NotificationPreferences,
    http: 'PATCH /api/notifications/preferences',
    permission: 'notifications:read',
    limit: 'notifications',
  }),
})

/** What is mailed can be ended from the mail itself, also by who is not signed in; over HTTP only. */
export const mailCommands = commandTable(null, {
  /** No more digests. A mail program sends it as a form (RFC 8058). */
  endDigests: command({
    input: z.object({
      token: z.string({ error: 'The link is not whole.' }).check(z.regex(/^[\w-]{1,300}$/, 'This is no link of ours.')),
    }),
    data: z.void(),
    http: 'POST /api/mail/unsubscribe',
    permission: 'anyone',
    limit: 'notifications',
    audit: true,
  }),
})

/** Something that may call for attention. */
export interface Occasion {
  kind: AlertKind
  /** What the notification was sent to. */
  topic?: string | undefined
  /** Of a message: how long this person has muted its room. */
  mutedUntil?: string | undefined
}

/** A notification that leads to a message tells of being named there. */
export const occasionOf = ({ link, type, topic }: Pick<Notification, 'link' | 'type' | 'topic'>): Occasion =>
  link?.startsWith('/chat/') ? { kind: 'mention' } : { kind: type, topic }

/** Whether this may call for attention by that channel now: its kind, its topic and its room may, and no quiet hours are. */
export const mayAlert = (
  { kinds, topics, quietHours }: NotificationPreferences,
  { kind, topic, mutedUntil }: Occasion,
  channel: Channel,
  now: Date,
): boolean => {
  const ofTopic = topic === undefined ? undefined : topics[topic]
  const isWanted = kinds[kind][channel] && (ofTopic?.[channel] ?? channels[channel].isOn)
  return isWanted && !isMuted({ mutedUntil }, now) && !isQuiet(quietHours, now)
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Minutes since midnight on the clocks of that zone. One that this machine does not know is its own. */
const minuteIn = (timeZone: string, now: Date): number => {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  try {
    return minutesOf(now.toLocaleTimeString('en', { ...clock, timeZone }))
  } catch {
    return minutesOf(now.toLocaleTimeString('en', clock))
  }
}

/** Whether nothing calls for attention now. */
export const isQuiet = ({ enabled, from, to, timeZone = 'UTC' }: QuietHours, now: Date): boolean => {
  if (!enabled) return false
  const [start, end, minute] = [minutesOf(from), minutesOf(to), minuteIn(timeZone, now)]
  return start < end ? start <= minute && minute < end : start <= minute || minute < end
}
