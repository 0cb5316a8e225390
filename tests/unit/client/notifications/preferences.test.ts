import { describe, expect, it } from 'vitest'
import { DEFAULT_PREFERENCES, isQuiet, mayAlert, parsePreferences } from '@/client/notifications/preferences'

const at = (hour: number, minute = 0) => new Date(2026, 0, 2, hour, minute)
const quiet = (from: string, to: string) => ({ ...DEFAULT_PREFERENCES, quiet: { enabled: true, from, to } })

describe('do not disturb', () => {
  it('covers its hours from the first minute to before the last', () => {
    const lunch = quiet('12:00', '13:30')
    expect([at(11, 59), at(12), at(13, 29), at(13, 30)].map((now) => isQuiet(lunch, now))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('reaches over midnight', () => {
    const night = quiet('22:00', '07:00')
    expect([at(21, 59), at(22), at(0), at(6, 59), at(7)].map((now) => isQuiet(night, now))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
  })

  it('covers nothing while it is switched off', () => {
    expect(isQuiet({ ...DEFAULT_PREFERENCES, quiet: { enabled: false, from: '00:00', to: '23:59' } }, at(12))).toBe(
      false,
    )
  })
})

describe('alerts', () => {
  it('come for every kind at first', () => {
    expect(mayAlert('info', DEFAULT_PREFERENCES, at(12))).toBe(true)
  })

  it('stay away for a muted kind only', () => {
    const preferences = { ...DEFAULT_PREFERENCES, muted: ['info' as const] }
    expect(mayAlert('info', preferences, at(12))).toBe(false)
    expect(mayAlert('error', preferences, at(12))).toBe(true)
  })

  it('stay away in the hours of do-not-disturb', () => {
    expect(mayAlert('error', quiet('22:00', '07:00'), at(23))).toBe(false)
  })
})

describe('stored preferences', () => {
  it.each([null, '', 'not json', '[]', '42'])('that are %j are the defaults', (stored) => {
    expect(parsePreferences(stored)).toEqual(DEFAULT_PREFERENCES)
  })

  it('keep what is right beside what is not', () => {
    const stored = JSON.stringify({
      muted: ['warning'],
      quiet: { enabled: true, from: '25:00', to: 'x' },
      sound: 'yes',
    })
    expect(parsePreferences(stored)).toEqual({ ...DEFAULT_PREFERENCES, muted: ['warning'] })
  })
})
