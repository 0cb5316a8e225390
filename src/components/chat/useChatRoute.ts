import { usePathname } from 'next/navigation'
import { useCallback } from 'react'

const base = '/chat'

export const roomPath = (roomId: string) => `${base}/${encodeURIComponent(roomId)}`

/**
 * Which conversation the address names, and how to change it. Goes through the browser's history instead of the router:
 * nothing is asked of the server, so it is instant and works offline.
 */
export function useChatRoute() {
  const segment = usePathname().slice(base.length + 1)
  const roomId = segment ? decode(segment) : undefined

  const open = useCallback((id: string) => {
    if (window.location.pathname === roomPath(id)) return
    // From one conversation to the next, "back" still means the list on a phone.
    const replaces = window.location.pathname !== base && isNarrow()
    window.history[replaces ? 'replaceState' : 'pushState']({ fromList: true }, '', roomPath(id))
  }, [])

  const close = useCallback(() => {
    if (window.history.state?.fromList && isNarrow()) window.history.back()
    else window.history.pushState(null, '', base)
  }, [])

  return { roomId, open, close }
}

/** One pane at a time. */
export const isNarrow = () => !window.matchMedia('(min-width: 900px)').matches

const decode = (segment: string) => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
