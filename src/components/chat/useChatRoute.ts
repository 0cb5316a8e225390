import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { Person } from '@/contracts/users'

const base = '/chat'
/** No room's id: a conversation that begins with its first message. Whom it is with, the history's entry holds. */
const beginning = `${base}/new`

/** @param seq - the message to go to; without it the newest. */
export const roomPath = (roomId: string, seq?: number) =>
  `${base}/${encodeURIComponent(roomId)}${seq === undefined ? '' : `?at=${seq}`}`

/**
 * Which conversation the address names, and how to change it. Goes through the browser's history instead of the router:
 * nothing is asked of the server, so it is instant and works offline.
 */
export function useChatRoute() {
  const pathname = usePathname()
  const recipient = useRecipient(pathname)
  const segment = pathname.slice(base.length + 1)
  const roomId = segment && pathname !== beginning ? decode(segment) : undefined

  const at = Number(useSearchParams().get('at')) || undefined

  const open = useCallback((id: string, seq?: number) => goTo(roomPath(id, seq)), [])
  /** The message that the address names has been gone to: from now on it names the conversation alone. */
  const taken = useCallback(() => {
    window.history.replaceState(ownState(), '', window.location.pathname)
  }, [])
  /** To somebody whom nothing was written to yet. */
  const begin = useCallback((person: Person) => goTo(beginning, person), [])
  const close = useCallback(() => {
    if (window.history.state?.fromList && isNarrow()) window.history.back()
    else window.history.pushState(null, '', base)
  }, [])

  return { roomId, at, recipient, open, taken, begin, close }
}

/** What we keep there: an entry that holds Next's own marks would be taken for one of Next's, and change no page. */
function ownState() {
  const { fromList, recipient } = window.history.state ?? {}
  return { fromList, recipient }
}

function goTo(path: string, recipient?: Person) {
  const { pathname } = window.location
  if (pathname === path && !recipient) return
  if (path.startsWith(`${pathname}?`)) {
    window.history.replaceState(ownState(), '', path)
    return
  }
  // From one conversation to the next, "back" still means the list on a phone; and to what has begun nobody goes back.
  const replaces = pathname === beginning || (pathname !== base && isNarrow())
  window.history[replaces ? 'replaceState' : 'pushState']({ fromList: true, recipient }, '', path)
}

const never = () => () => {}

/** Whom the conversation is to be with, on the page where one begins. */
function useRecipient(pathname: string): Person | undefined {
  const isBeginning = pathname === beginning
  const last = useRef<unknown>(undefined)
  const keptHere = () => {
    if (!isBeginning) return undefined
    // The browser's address is ahead of the router's: on the way to another conversation this one is still shown.
    if (window.location.pathname === beginning) last.current = window.history.state?.recipient ?? null
    return last.current
  }
  // A server knows only the address.
  const kept = useSyncExternalStore<unknown>(never, keptHere, () => undefined)
  const recipient = useMemo(() => Person.safeParse(kept).data, [kept])
  const isLost = kept !== undefined && recipient === undefined
  useEffect(() => {
    // Another tab was given the address alone.
    if (isLost) window.history.replaceState(null, '', base)
  }, [isLost])
  return recipient
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
