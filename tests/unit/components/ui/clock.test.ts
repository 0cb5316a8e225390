import { describe, expect, it } from 'vitest'
import { formatDay, formatRecent, formatTime } from '@/components/ui/clock'

const now = new Date(2026, 2, 10, 0, 30)

describe('a day', () => {
  it.each([
    [new Date(2026, 2, 10, 0, 1), 'Today'],
    [new Date(2026, 2, 9, 23, 59), 'Yesterday'],
    [new Date(2026, 2, 9, 0, 0), 'Yesterday'],
  ])('is counted by the calendar, not by 24 hours: %s', (at, label) => {
    expect(formatDay(at, now)).toBe(label)
  })

  it('a little ahead of this clock is still today', () => {
    expect(formatDay(new Date(2026, 2, 11, 0, 5), now)).toBe('Today')
  })

  it('names its year only in another one', () => {
    expect(formatDay(new Date(2026, 0, 5), now)).not.toContain('2026')
    expect(formatDay(new Date(2024, 0, 5), now)).toContain('2024')
  })
})

it('shows the time in a list only for today', () => {
  const morning = new Date(2026, 2, 10, 0, 5)
  expect(formatRecent(morning, now)).toBe(formatTime(morning))
  expect(formatRecent(new Date(2026, 2, 9, 23, 0), now)).toBe('Yesterday')
})
