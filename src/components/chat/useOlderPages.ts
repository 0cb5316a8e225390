import { useEffect, useRef } from 'react'

/** Pixels from the start at which the page before is fetched. */
const startZone = 700

interface Options {
  scroller: HTMLElement | null
  enabled: boolean
  /** Changes when a page has arrived. */
  firstIndex: number
  loadOlder: () => void
}

/** Fetches the page before when the person comes near the start: once for each approach, so a failure is not hammered. */
export function useOlderPages({ scroller, enabled, firstIndex, loadOlder }: Options) {
  const askedAt = useRef<number>(undefined)

  useEffect(() => {
    if (!scroller || !enabled) return
    const look = () => {
      if (scroller.scrollTop > startZone) askedAt.current = undefined
      else if (askedAt.current !== firstIndex) {
        askedAt.current = firstIndex
        loadOlder()
      }
    }
    look()
    scroller.addEventListener('scroll', look, { passive: true })
    return () => scroller.removeEventListener('scroll', look)
  }, [scroller, enabled, firstIndex, loadOlder])
}
