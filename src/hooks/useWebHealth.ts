import { useEffect, useState } from 'react'
import { authCommands } from '@/contracts/auth'
import { useClient } from './useClient'

const EVERY_MS = 10_000
const TIMEOUT_MS = 5_000

/** Whether it answered, and in how many milliseconds; undefined: not asked yet. */
export type WebHealth = { answers: true; tookMs: number } | { answers: false } | undefined

/** Whether the web process and the database behind it answer: looking up the session takes both. Undefined at first. */
export function useWebHealth(): WebHealth {
  const client = useClient()
  const [health, setHealth] = useState<WebHealth>()
  useEffect(() => {
    if (client === null) return
    let stopped = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      const from = performance.now()
      const answers = await client.transport.call(authCommands.session, undefined, { timeoutMs: TIMEOUT_MS }).then(
        () => true,
        () => false,
      )
      if (stopped) return
      setHealth(answers ? { answers, tookMs: performance.now() - from } : { answers })
      timer = setTimeout(() => void look(), EVERY_MS)
    }
    void look()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [client])
  return health
}
