'use client'

import { useEffect, useRef } from 'react'
import { useAuth } from '@/hooks/useAuth'

/** Sessions here live a quarter of an hour after the last request, and a page with a socket makes none. In milliseconds. */
const ASK_EVERY_MS = 5 * 60_000

interface Props {
  /** Whether the server could not say who this is. */
  isUnknown: boolean
}

/**
 * Asks who this is, from time to time: prolongs the session, and hears of a sign-out elsewhere. Also after a no, which may
 * have been wrong or over by now; but a page on which nobody ever was asks nothing.
 */
export function StillSignedIn({ isUnknown }: Props) {
  const { user, refresh, recognise } = useAuth()
  const isSignedIn = user !== null
  const wasSignedIn = useRef(false)
  useEffect(() => {
    wasSignedIn.current ||= isSignedIn
    if (!wasSignedIn.current && !isUnknown) return
    const ask = () => void (isSignedIn ? refresh() : recognise())
    const askWhenSeen = () => {
      if (!isSignedIn && document.visibilityState === 'visible') ask()
    }
    // A moment ago it was the server that did not know, and not a person who signed out.
    if (!wasSignedIn.current) ask()
    const timer = setInterval(ask, ASK_EVERY_MS)
    document.addEventListener('visibilitychange', askWhenSeen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', askWhenSeen)
    }
  }, [isSignedIn, isUnknown, refresh, recognise])
  return null
}
