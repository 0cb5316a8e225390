import { describe, expect, it } from 'vitest'
import {
  alertKinds,
  ChangePreferencesInput,
  mayAlert,
  type NotificationPreferences,
  type Occasion,
  occasionOf,
} from '@/contracts/preferences'
import { choices } from '../../support/choices'

const everything: NotificationPreferences = {
  kinds: Object.fromEntries(alertKinds.map((kind) => [kind, choices()])) as NotificationPreferences['kinds'], // one for each
  topics: { news: choices(), trains: choices({ bell: false }) },
  quietHours: { enabled: false, from: '22:00', to: '07:00' },
}
const quiet = (from: string, to: string, timeZone?: string): NotificationPreferences => ({
  ...everything,
  quietHours: { enabled: true, from, to, ...(timeZone && { timeZone }) },
})
const rings = (preferences: NotificationPreferences, at: string, occasion: Occasion = { kind: 'info' }) =>
  mayAlert(preferences, occasion, 'bell', new Date(at))
const noon = '2026-06-01T12:00:00Z'

describe('what calls for attention', () => {
  it.each(alertKinds)('%s does, unless it is switched off', (kind) => {
    expect(rings(everything, noon, { kind })).toBe(true)
    const without = { ...everything, kinds: { ...everything.kinds, [kind]: choices({ bell: false }) } }
    expect(alertKinds.filter((other) => !rings(without, noon, { kind: other }))).toEqual([kind])
  })

  it('a topic does where it is switched on, and so is its type', () => {
    expect(rings(everything, noon, { kind: 'info', topic: 'news' })).toBe(true)
    expect(rings(everything, noon, { kind: 'info', topic: 'trains' })).toBe(false)
    const withoutInfo = { ...everything, kinds: { ...everything.kinds, info: choices({ bell: false }) } }
    expect(rings(withoutInfo, noon, { kind: 'info', topic: 'news' })).toBe(false)
  })

  it.each(['not followed any more', 'constructor', '__proto__'])('the topic “%s” is as its type', (topic) => {
    expect(rings(everything, noon, { kind: 'info', topic })).toBe(true)
  })

  it('a muted room does not until it is muted no more; being named there does', () => {
    const mutedUntil = '2026-06-01T12:00:00.000Z'
    const times = ['2026-06-01T11:59:59Z', noon]
    expect(times.map((at) => rings(everything, at, { kind: 'group', mutedUntil }))).toEqual([false, true])
    expect(rings(everything, times[0] ?? '', { kind: 'mention' })).toBe(true)
  })

  it('a notification that leads to a message is a mention, another is of its type and topic', () => {
    expect(occasionOf({ type: 'info', link: '/chat/room?at=3' })).toEqual({ kind: 'mention' })
    expect(occasionOf({ type: 'error', topic: 'news' })).toEqual({ kind: 'error', topic: 'news' })
    expect(occasionOf({ type: 'warning', link: '/account' })).toEqual({ kind: 'warning', topic: undefined })
  })
})

describe('quiet hours', () => {
  const on = (preferences: NotificationPreferences, times: string[]) => times.map((time) => !rings(preferences, time))

  it('cover their hours from the first minute to before the last', () => {
    const lunch = quiet('12:00', '13:30')
    const times = ['11:59', '12:00', '13:29', '13:30'].map((time) => `2026-06-01T${time}:00Z`)
    expect(on(lunch, times)).toEqual([false, true, true, false])
  })

  it('reach over midnight; equal times are the whole day; switched off they cover nothing', () => {
    const times = ['21:59', '22:00', '00:00', '06:59', '07:00'].map((time) => `2026-06-01T${time}:00Z`)
    expect(on(quiet('22:00', '07:00'), times)).toEqual([false, true, true, true, false])
    expect(on(quiet('08:00', '08:00'), times)).toEqual([true, true, true, true, true])
    expect(on(everything, times)).toEqual([false, false, false, false, false])
  })

  it('are those of the person’s time zone, also where it is not whole hours from Greenwich', () => {
    const night = (zone: string) => quiet('22:00', '07:00', zone)
    // 22:00 there.
    expect(on(night('America/New_York'), ['2026-01-15T02:59:00Z', '2026-01-15T03:00:00Z'])).toEqual([false, true])
    expect(on(night('Asia/Tokyo'), ['2026-01-15T12:59:00Z', '2026-01-15T13:00:00Z'])).toEqual([false, true])
    expect(on(night('Asia/Kathmandu'), ['2026-01-15T16:14:00Z', '2026-01-15T16:15:00Z'])).toEqual([false, true])
    // 07:00 there.
    expect(on(night('Asia/Kathmandu'), ['2026-01-15T01:14:00Z', '2026-01-15T01:15:00Z'])).toEqual([true, false])
  })

  it('go by the clocks on the night they are put forward: what they skip is not quiet, what follows is as ever', () => {
    // Berlin, 29 March 2026: 01:59 is followed by 03:00, at 01:00 UTC.
    const night = quiet('22:00', '07:00', 'Europe/Berlin')
    expect(on(night, ['2026-03-28T20:59:00Z', '2026-03-28T21:00:00Z'])).toEqual([false, true])
    expect(on(night, ['2026-03-29T04:59:00Z', '2026-03-29T05:00:00Z'])).toEqual([true, false])
    const skipped = quiet('02:00', '03:00', 'Europe/Berlin')
    expect(on(skipped, ['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z'])).toEqual([false, false])
  })

  it('go by the clocks on the night they are put back: the hour that comes twice is quiet twice', () => {
    // Berlin, 25 October 2026: 02:59 is followed by 02:00, at 01:00 UTC.
    const twice = quiet('02:00', '03:00', 'Europe/Berlin')
    const times = ['2026-10-24T23:59:00Z', '2026-10-25T00:00:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:00:00Z']
    expect(on(twice, times)).toEqual([false, true, true, false])
    const night = quiet('22:00', '07:00', 'Europe/Berlin')
    expect(on(night, ['2026-10-25T05:59:00Z', '2026-10-25T06:00:00Z'])).toEqual([true, false])
    // Lord Howe, 5 April 2026: put back by half an hour, at 15:00 UTC of the day before.
    const half = quiet('01:30', '02:00', 'Australia/Lord_Howe')
    const lordHowe = ['2026-04-04T14:29:00Z', '2026-04-04T14:30:00Z', '2026-04-04T15:29:00Z', '2026-04-04T15:30:00Z']
    expect(on(half, lordHowe)).toEqual([false, true, true, false])
  })

  it('of a zone that is not known here are those of this machine', () => {
    const machine = new Intl.DateTimeFormat().resolvedOptions().timeZone
    const times = ['2026-06-01T03:00:00Z', '2026-06-01T12:00:00Z', '2026-06-01T23:00:00Z']
    expect(on(quiet('22:00', '07:00', 'Mars/Olympus'), times)).toEqual(on(quiet('22:00', '07:00', machine), times))
  })
})

describe('what may be changed', () => {
  const problem = (input: unknown) => ChangePreferencesInput.safeParse(input).error?.issues.length ?? 0

  it('takes any part, and nothing at all', () => {
    for (const input of [
      {},
      { kinds: { direct: choices({ bell: false }) } },
      { kinds: { info: {} }, topics: { news: choices() } },
      { quietHours: { from: '00:00' } },
      { quietHours: { enabled: true, from: '22:30', to: '06:15', timeZone: 'America/Argentina/Buenos_Aires' } },
    ])
      expect(problem(input), JSON.stringify(input)).toBe(0)
  })

  it('refuses kinds and channels that there are not, and what is no time and no time zone', () => {
    for (const input of [
      { kinds: { postcard: choices() } },
      { kinds: { info: { pigeon: true } } },
      { kinds: { info: { bell: 'yes' } } },
      { topics: { news: { pigeon: true } } },
      { topics: { 'not a topic': choices() } },
      { quietHours: { from: '24:00' } },
      { quietHours: { to: '7:00' } },
      { quietHours: { timeZone: 'Mars/Olympus' } },
      { quietHours: { timeZone: '+01:00' } },
      { quietHours: { timeZone: '' } },
    ])
      expect(problem(input), JSON.stringify(input)).toBeGreaterThan(0)
  })
})
