const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** "now", "5 minutes ago", "3 hours ago", "yesterday", "last month". A clock that is ahead of ours counts as now. */
export function formatAgo(at: Date, now: Date) {
  const ms = Math.max(0, now.getTime() - at.getTime())
  if (ms < minuteMs) return relative.format(0, 'second')
  if (ms < hourMs) return relative.format(-Math.floor(ms / minuteMs), 'minute')
  if (ms < dayMs) return relative.format(-Math.floor(ms / hourMs), 'hour')
  if (ms < 30 * dayMs) return relative.format(-Math.floor(ms / dayMs), 'day')
  if (ms < 365 * dayMs) return relative.format(-Math.floor(ms / (30 * dayMs)), 'month')
  return relative.format(-Math.floor(ms / (365 * dayMs)), 'year')
}
