const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })
const shortWeekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const fullDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const numericDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

/** The calendar day in the reader's time zone, as something to compare. */
export const dayKey = (at: Date) => `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

/** Whole calendar days from `at` to `now`; a day with a clock change still counts as one. */
const daysBetween = (at: Date, now: Date) => Math.round((midnight(now) - midnight(at)) / 86_400_000)

export const formatTime = (at: Date) => time.format(at)

/** Date and time in full, for a tooltip. */
export const formatMoment = (at: Date) => moment.format(at)

/** "Today", "Yesterday", "Monday", "Monday, 3 March", "3 March 2024". */
export function formatDay(at: Date, now: Date) {
  const days = daysBetween(at, now)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days < 7) return weekday.format(at)
  return at.getFullYear() === now.getFullYear() ? longDay.format(at) : fullDate.format(at)
}

/** As short as a list needs: "14:05", "Yesterday", "Mon", "3 Mar", "03/03/2024". */
export function formatRecent(at: Date, now: Date) {
  const days = daysBetween(at, now)
  if (days <= 0) return formatTime(at)
  if (days === 1) return 'Yesterday'
  if (days < 7) return shortWeekday.format(at)
  return at.getFullYear() === now.getFullYear() ? dayAndMonth.format(at) : numericDate.format(at)
}
