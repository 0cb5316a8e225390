'use client'

import { useEffect } from 'react'
import { useAuth } from '@/hooks/useAuth'

/** Sessions here live a quarter of an hour after the last request, and a page with a socket makes none. In milliseconds. */
const ASK_EVERY_MS = 5 * 60_000

/** Asks who this is, from time to time: prolongs the session, and hears of a sign-out elsewhere. */
export function StillSignedIn() {
  const { user, refresh } = useAuth()
  const isSignedIn = user !== null
  useEffect(() => {
    if (!isSignedIn) return
    const timer = setInterval(() => void refresh(), ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [isSignedIn, refresh])
  return null
}
