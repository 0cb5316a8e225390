import { useEffect, useRef } from 'react'

/** Pixels from the edge at which the next page is fetched. */
const edgeZone = 700

interface Options {
  scroller: HTMLElement | null
  edge: 'start' | 'end'
  enabled: boolean
  /** The place of the row at the edge: another one when a page has arrived. */
  at: number
  load: () => void
}

/** Fetches the next page when the person comes near the edge: once for each approach, so a failure is not hammered. */
export function useEdgePages({ scroller, edge, enabled, at, load }: Options) {
  const askedAt = useRef<number>(undefined)

  useEffect(() => {
    if (!scroller || !enabled) return
    const look = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller
      const distance = edge === 'start' ? scrollTop : scrollHeight - clientHeight - scrollTop
      if (distance > edgeZone) askedAt.current = undefined
      else if (askedAt.current !== at) {
        askedAt.current = at
        load()
      }
    }
    look()
    scroller.addEventListener('scroll', look, { passive: true })
    return () => scroller.removeEventListener('scroll', look)
  }, [scroller, edge, enabled, at, load])
}
