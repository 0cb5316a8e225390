// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { alertsKey, parseBrowserAlerts, switchOffPushes } from '@/client/notifications/browserAlerts'

const silent = { sound: false, desktop: false, push: false }

describe('what this browser may do for attention', () => {
  it.each([null, '', 'not json', '[]', '42'])('is nothing where %j is stored', (stored) => {
    expect(parseBrowserAlerts(stored)).toEqual(silent)
  })

  it('keeps what is right beside what is not', () => {
    expect(parseBrowserAlerts(JSON.stringify({ desktop: true, sound: 'yes' }))).toEqual({ ...silent, desktop: true })
  })

  it('is to push nothing more where somebody has signed out; all else stays', () => {
    localStorage.setItem(alertsKey('ada'), JSON.stringify({ desktop: true, push: true }))
    localStorage.setItem('another', 'of something else')
    switchOffPushes(localStorage)
    expect(parseBrowserAlerts(localStorage.getItem(alertsKey('ada')))).toEqual({ ...silent, desktop: true })
    expect(localStorage.getItem('another')).toBe('of something else')
    localStorage.clear()
  })
})
