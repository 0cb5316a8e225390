/** Pixels a row is taken for until it has been drawn once. */
const estimatedHeight = 64
/** Pixels drawn beyond the view on either side. */
const overscan = 900

/** Which rows are drawn: a range of places in the room's order, so that older pages leave it as it is. */
export interface Range {
  from: number
  to: number
}

export type Heights = ReadonlyMap<string, number>

const heightOf = (heights: Heights, key: string | undefined) => (key && heights.get(key)) || estimatedHeight

/** Height of `keys` from place `from` (included) to `to` (excluded). */
export function span(keys: string[], heights: Heights, from: number, to: number) {
  let sum = 0
  for (let i = from; i < to; i++) sum += heightOf(heights, keys[i])
  return sum
}

/**
 * The range for a view that shows the list from pixel `top` to `bottom`. The one that is drawn stays while it covers the
 * view with half the overscan.
 */
export function rangeFor(
  keys: string[],
  heights: Heights,
  firstIndex: number,
  view: { top: number; bottom: number },
  drawn: Range,
): Range {
  const needed = covering(keys, heights, view.top - overscan / 2, view.bottom + overscan / 2)
  if (drawn.from <= needed.from + firstIndex && drawn.to >= needed.to + firstIndex) return drawn
  const wanted = covering(keys, heights, view.top - overscan, view.bottom + overscan)
  return { from: wanted.from + firstIndex, to: wanted.to + firstIndex }
}

/** Places of the rows that any pixel between `top` and `bottom` belongs to. */
function covering(keys: string[], heights: Heights, top: number, bottom: number): Range {
  let from = 0
  let to = 0
  let above = 0
  for (let i = 0; i < keys.length && above < bottom; i++) {
    const below = above + heightOf(heights, keys[i])
    if (below <= top) from = i + 1
    to = i + 1
    above = below
  }
  return { from: Math.min(from, Math.max(0, keys.length - 1)), to }
}
