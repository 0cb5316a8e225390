import { useCallback, useState } from 'react'

/** For an action whose failure the page mentions, and that the person can ask for again. */
export function useAttempt(action: () => Promise<unknown>) {
  const [failed, setFailed] = useState(false)
  const attempt = useCallback(async () => {
    setFailed(false)
    try {
      await action()
    } catch {
      setFailed(true)
    }
  }, [action])
  return { attempt, failed }
}
