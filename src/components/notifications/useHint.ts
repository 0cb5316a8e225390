import { useCallback, useEffect, useRef, useState } from 'react'

/** As long as the other tooltips wait, in milliseconds: see the theme. */
const waitMs = 400
/** How long the pointer may take from its element to the tooltip. */
const wayMs = 100

/**
 * When a tooltip is due: its element was hovered or focused by keyboard for a moment. It goes with the pointer, the focus,
 * Escape, or when the row under it scrolls away.
 */
export function useHint() {
  const [shown, setShown] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const hide = useCallback(() => {
    clearTimeout(timer.current)
    setShown(false)
  }, [])
  const wait = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setShown(true), waitMs)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])

  useEffect(() => {
    if (!shown) return
    // Before a dialog around it, which would close.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      hide()
    }
    document.addEventListener('keydown', onKeyDown, true)
    return () => document.removeEventListener('keydown', onKeyDown, true)
  }, [shown, hide])

  return {
    shown,
    hide,
    /** For the tooltip itself: it stays while the pointer is on it. */
    stay: { onPointerEnter: () => clearTimeout(timer.current), onPointerLeave: hide },
    /** For the element it belongs to. */
    watch: {
      onPointerEnter: ({ pointerType }: { pointerType: string }) => {
        if (pointerType !== 'touch') wait()
      },
      onPointerLeave: () => {
        clearTimeout(timer.current)
        timer.current = setTimeout(hide, wayMs)
      },
      onFocus: ({ currentTarget }: { currentTarget: Element }) => {
        if (currentTarget.matches(':focus-visible')) wait()
      },
      onBlur: hide,
    },
  }
}
