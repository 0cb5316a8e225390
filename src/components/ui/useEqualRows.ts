import { useEffect, useState } from 'react'

/** Rows drawn beyond the view on either side, and how many come and go at once. */
const overscan = 10
const step = 5

interface View {
  from: number
  to: number
  rowHeight: number
}

/**
 * Which rows of a long list are drawn: those in view. All rows are equally high. A library for this weighs more than the list
 * itself, and draws nothing on a server.
 * @param first what is drawn before the page can be measured, as on the server.
 */
export function useEqualRows(count: number, first: { rows: number; rowHeight: number }) {
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const [view, setView] = useState<View>({ from: 0, to: first.rows, rowHeight: first.rowHeight })

  useEffect(() => {
    if (!scroller) return
    const look = () => setView((before) => viewOf(scroller, before))
    const resized = new ResizeObserver(look)
    resized.observe(scroller)
    scroller.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      scroller.removeEventListener('scroll', look)
    }
  }, [scroller])

  const to = Math.min(view.to, count)
  // A list that has become shorter shows its end.
  const from = Math.max(0, Math.min(view.from, to - (view.to - view.from)))
  return { setScroller, from, to, above: from * view.rowHeight, below: (count - to) * view.rowHeight }
}

/** The same object while the same rows are in view, so that nothing is drawn again. */
function viewOf(scroller: HTMLElement, before: View): View {
  const rowHeight = scroller.querySelector('li')?.getBoundingClientRect().height || before.rowHeight
  const top = scroller.scrollTop / rowHeight
  const from = Math.max(0, Math.floor((top - overscan) / step) * step)
  const to = Math.ceil((top + scroller.clientHeight / rowHeight + overscan) / step) * step
  return from === before.from && to === before.to && rowHeight === before.rowHeight ? before : { from, to, rowHeight }
}
