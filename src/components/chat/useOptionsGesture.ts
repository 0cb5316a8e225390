import { type MouseEvent, type PointerEvent, useEffect, useRef } from 'react'

const LONG_PRESS_MS = 500
/** Pixels a resting finger moves. */
const SLACK = 10

/** Right click and long press open what the button opens. A link and marked text keep the browser's own menu. */
export function useOptionsGesture(open: (() => void) | undefined) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined)
  const end = () => {
    clearTimeout(press.current?.timer)
    press.current = undefined
  }
  useEffect(() => () => clearTimeout(press.current?.timer), [])
  if (!open) return {}

  return {
    onContextMenu: (event: MouseEvent) => {
      if (isBrowsers(event)) return
      event.preventDefault()
      end()
      open()
    },
    onPointerDown: (event: PointerEvent) => {
      if (event.pointerType !== 'touch' || isBrowsers(event)) return
      end()
      press.current = { timer: setTimeout(open, LONG_PRESS_MS), x: event.clientX, y: event.clientY }
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      if (press.current && Math.hypot(clientX - press.current.x, clientY - press.current.y) > SLACK) end()
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

const isBrowsers = ({ target, shiftKey }: MouseEvent) =>
  shiftKey || (target instanceof Element && target.closest('a') !== null) || !document.getSelection()?.isCollapsed
