import { describe, expect, it } from 'vitest'
import { rangeFor, span } from '@/components/chat/rowWindow'

const keys = Array.from({ length: 1_000 }, (_, i) => `k${i}`)
const heights = new Map(keys.map((key, i) => [key, 40 + (i % 5) * 20]))
const nothing = { from: 0, to: 0 }

describe('the rows that are drawn', () => {
  it('cover the view and some more on both sides, but not the whole list', () => {
    const top = span(keys, heights, 0, 500)
    const { from, to } = rangeFor(keys, heights, 0, { top, bottom: top + 800 }, nothing)
    expect(span(keys, heights, 0, from)).toBeLessThan(top - 800)
    expect(span(keys, heights, 0, to)).toBeGreaterThan(top + 1_600)
    expect(to - from).toBeLessThan(60)
  })

  it('stay while a little scrolling keeps the view covered, and change when it does not', () => {
    const drawn = rangeFor(keys, heights, 0, { top: 20_000, bottom: 20_800 }, nothing)
    expect(rangeFor(keys, heights, 0, { top: 20_200, bottom: 21_000 }, drawn)).toBe(drawn)
    expect(rangeFor(keys, heights, 0, { top: 21_000, bottom: 21_800 }, drawn)).not.toBe(drawn)
  })

  it('are named by places that older pages do not shift', () => {
    const before = rangeFor(keys.slice(500), heights, 501, { top: 0, bottom: 800 }, nothing)
    const shift = span(keys, heights, 0, 500)
    expect(rangeFor(keys, heights, 1, { top: shift, bottom: shift + 800 }, nothing).to).toBe(before.to)
  })

  it('are all rows of a list that fits', () => {
    expect(rangeFor(keys.slice(0, 3), heights, 1, { top: -300, bottom: 300 }, nothing)).toEqual({ from: 1, to: 4 })
  })
})
