import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { type Range, rangeFor, span } from './rowWindow'

/** Pixels from the end that still count as the end. */
const endZone = 60
/** Asked for by its key; told once it stands in the middle of the view. */
interface Goal {
  key: string
  reached: (row: HTMLElement) => void
}

/** Rows drawn first, before anything is measured: more than a screen shows. */
const firstRows = 24

/**
 * A window over a list of rows of any height that never jumps. It rests at the end until the person scrolls up, and takes
 * hold there again when they return; anywhere else the row at the top of the view stays where it is, whatever is added,
 * measured or resized around it. Everything is put right after layout and before paint, so no frame shows it moving.
 *
 * @param keys one key a row, oldest first; a row keeps its key for life.
 * @param firstIndex the place of the first row; older pages lower it by their length.
 * @param endIsNewest false: more follows that is not loaded, so there is nothing at the end to rest at.
 */
export function useAnchoredWindow(keys: string[], firstIndex: number, endIsNewest = true) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const [heights] = useState(() => new Map<string, number>())
  const [range, setRange] = useState<Range>({
    from: firstIndex + keys.length - firstRows,
    to: firstIndex + keys.length,
  })
  const [atEnd, setAtEnd] = useState(true)
  const held = useRef(true)
  const anchor = useRef<{ key: string; top: number } | undefined>(undefined)
  const goal = useRef<Goal>(undefined)

  const start = clamp(range.from - firstIndex, 0, keys.length)
  const end = clamp(range.to - firstIndex, start, keys.length)

  const remember = useCallback(() => {
    if (!scroller || !list.current) return
    const viewTop = scroller.getBoundingClientRect().top
    const row = rowsOf(list.current).find((element) => element.getBoundingClientRect().bottom > viewTop)
    anchor.current = row && { key: row.dataset.key ?? '', top: row.getBoundingClientRect().top - viewTop }
  }, [scroller])

  const cover = useCallback(() => {
    if (!scroller || !list.current) return
    const top = scroller.getBoundingClientRect().top - list.current.getBoundingClientRect().top
    const view = { top, bottom: top + scroller.clientHeight }
    setRange((drawn) => rangeFor(keys, heights, firstIndex, view, drawn))
  }, [scroller, keys, heights, firstIndex])

  const settle = useCallback(() => {
    if (!scroller || !list.current || scroller.clientHeight === 0) return
    const rows = rowsOf(list.current)
    for (const row of rows) heights.set(row.dataset.key ?? '', row.getBoundingClientRect().height)
    const { key, reached } = goal.current ?? {}
    const wanted = key && rows.find((element) => element.dataset.key === key)
    if (wanted) {
      const [row, view] = [wanted.getBoundingClientRect(), scroller.getBoundingClientRect()]
      scroller.scrollTop += row.top - view.top - Math.max(0, (view.height - row.height) / 2)
      goal.current = undefined
      reached?.(wanted)
      // Where all fits into the view nothing is scrolled that would tell.
      held.current = endIsNewest && isNearEnd(scroller)
      setAtEnd(held.current)
    } else if (held.current) {
      scroller.scrollTop = scroller.scrollHeight
    } else {
      const row = rows.find((element) => element.dataset.key === anchor.current?.key)
      const viewTop = scroller.getBoundingClientRect().top
      const moved = row && anchor.current ? row.getBoundingClientRect().top - viewTop - anchor.current.top : 0
      if (Math.abs(moved) >= 1) scroller.scrollTop += moved
    }
    remember()
    cover()
  }, [scroller, heights, remember, cover, endIsNewest])

  // After every commit: any of them may have changed a height.
  useLayoutEffect(settle)

  useEffect(() => {
    if (!scroller || !list.current) return
    // Fonts that arrive, a turned phone, a composer that grows: no commit tells of these.
    const resized = new ResizeObserver(settle)
    resized.observe(scroller)
    resized.observe(list.current)
    return () => resized.disconnect()
  }, [scroller, settle])

  useEffect(() => {
    if (!scroller) return
    let before = scroller.scrollTop
    const onScroll = () => {
      const top = scroller.scrollTop
      const near = isNearEnd(scroller)
      if (!endIsNewest || top < before - 1) held.current = false
      if (near && endIsNewest) held.current = true
      before = top
      remember()
      // The rows that came into view are drawn before the browser paints.
      flushSync(() => {
        setAtEnd(held.current)
        cover()
      })
    }
    scroller.addEventListener('scroll', onScroll, { passive: true })
    return () => scroller.removeEventListener('scroll', onScroll)
  }, [scroller, remember, cover, endIsNewest])

  /** Puts this row into the middle of the view. */
  const toRow = useCallback(
    (key: string, reached: Goal['reached']) => {
      const place = firstIndex + keys.indexOf(key)
      held.current = false
      setAtEnd(false)
      goal.current = { key, reached }
      setRange({ from: place - firstRows / 2, to: place + firstRows / 2 })
    },
    [keys, firstIndex],
  )

  const toEnd = useCallback(() => {
    held.current = true
    setAtEnd(true)
    if (scroller) scroller.scrollTop = scroller.scrollHeight
  }, [scroller])

  return {
    scroller,
    setScroller,
    list,
    start,
    end,
    above: span(keys, heights, 0, start),
    below: span(keys, heights, end, keys.length),
    atEnd,
    toEnd,
    toRow,
  }
}

const isNearEnd = ({ scrollHeight, clientHeight, scrollTop }: HTMLElement) =>
  scrollHeight - clientHeight - scrollTop < endZone

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max)

const rowsOf = (list: HTMLElement) => [...list.children].filter((element) => element instanceof HTMLElement)
