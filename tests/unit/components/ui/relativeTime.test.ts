import { expect, it } from 'vitest'
import { formatAgo } from '@/components/ui/relativeTime'

const now = new Date('2026-03-10T12:00:00.000Z')
const before = (seconds: number) => formatAgo(new Date(now.getTime() - seconds * 1_000), now)
const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

it('says how long ago something was in the largest unit that is whole', () => {
  expect([59, 60, 3_599, 3_600, 86_399, 86_400, 40 * 86_400, 800 * 86_400].map(before)).toEqual([
    words.format(0, 'second'),
    words.format(-1, 'minute'),
    words.format(-59, 'minute'),
    words.format(-1, 'hour'),
    words.format(-23, 'hour'),
    words.format(-1, 'day'),
    words.format(-1, 'month'),
    words.format(-2, 'year'),
  ])
})

it('takes what a clock ahead of ours says for now', () => {
  expect(before(-30)).toBe(words.format(0, 'second'))
})
