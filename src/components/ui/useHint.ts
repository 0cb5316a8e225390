import { type FocusEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'

/** How long one looks before a tooltip shows, and how long it stays when the pointer, or the finger, has left. */
const mouse = { waitMs: 400, stayMs: 100 }
const finger = { waitMs: 700, stayMs: 1_500 }

const timesOf = ({ pointerType }: PointerEvent) => (pointerType === 'touch' ? finger : mouse)

/**
 * When a tooltip is due, and for which element: one that was pointed at or focused by keyboard for a moment. It goes with the
 * pointer, the focus, a press or Escape.
 */
export function useHint() {
  const [anchor, setAnchor] = useState<Element>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const after = useCallback((ms: number, next: Element | undefined) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setAnchor(next), ms)
  }, [])
  const hide = useCallback(() => {
    clearTimeout(timer.current)
    setAnchor(undefined)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])

  useEffect(() => {
    if (!anchor) return
    // Before a dialog around it, which would close.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      hide()
    }
    document.addEventListener('keydown', onKeyDown, true)
    return () => document.removeEventListener('keydown', onKeyDown, true)
  }, [anchor, hide])

  return {
    anchor,
    /** For the tooltip itself: it stays while the pointer is on it. */
    stay: { onPointerEnter: () => clearTimeout(timer.current), onPointerLeave: hide },
    /** For the element it belongs to. */
    watch: {
      onPointerEnter: (event: PointerEvent) => after(timesOf(event).waitMs, event.currentTarget),
      onPointerLeave: (event: PointerEvent) => after(timesOf(event).stayMs, undefined),
      onPointerDown: (event: PointerEvent) => {
        if (event.pointerType !== 'touch') hide()
      },
      onFocus: (event: FocusEvent) => {
        const isAsked = event.target.matches(':focus-visible') && !isGivenBack(event)
        if (isAsked) after(mouse.waitMs, event.currentTarget)
      },
      onBlur: hide,
    },
  }
}

/** What a button opened gives the focus back: nobody asked what the button is. */
const isGivenBack = ({ relatedTarget: from }: FocusEvent) =>
  // What had the focus may be gone already.
  !(from instanceof Element) || from.closest('[role=dialog], [role=menu], [role=presentation]') !== null
