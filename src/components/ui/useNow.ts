import { useEffect, useState } from 'react'

/** The present to the minute, so that "Today" becomes "Yesterday" on a page left open. */
export function useNow() {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
