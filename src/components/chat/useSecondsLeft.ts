import { useEffect, useState } from 'react'

const secondsUntil = (until: number) => Math.max(0, Math.ceil((until - Date.now()) / 1_000))

/** Whole seconds until that moment (milliseconds by the page's clock), counted down; undefined without one. */
export function useSecondsLeft(until: number | undefined): number | undefined {
  const [, tick] = useState(0)
  useEffect(() => {
    if (until === undefined) return
    const timer = setInterval(() => tick((ticks) => ticks + 1), 1_000)
    return () => clearInterval(timer)
  }, [until])
  return until === undefined ? undefined : secondsUntil(until)
}
