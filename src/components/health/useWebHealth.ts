import { useEffect, useState } from 'react'
import { createHttpClient } from '@/client/transport/http'
import { UserData } from '@/contracts/auth'

const everyMs = 10_000

export type WebHealth = { answers: true; tookMs: number } | { answers: false } | undefined

/** Whether the web process and the database behind it answer: looking up the session takes both. Undefined at first. */
export function useWebHealth(): WebHealth {
  const [health, setHealth] = useState<WebHealth>()
  useEffect(() => {
    const http = createHttpClient({ timeoutMs: 5_000 })
    let stopped = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      const from = performance.now()
      const answers = await http.request({ method: 'GET', path: '/api/auth/session', schema: UserData }).then(
        () => true,
        () => false,
      )
      if (stopped) return
      setHealth(answers ? { answers, tookMs: performance.now() - from } : { answers })
      timer = setTimeout(() => void look(), everyMs)
    }
    void look()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [])
  return health
}
