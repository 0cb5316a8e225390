import { useCallback, useEffect, useState } from 'react'

/** Kept per person and room in localStorage; where that is refused, for as long as the page lives. */
export function useDraft(userId: string, roomId: string) {
  const key = `tandem:draft:${userId}:${roomId}`
  const [text, setText] = useState('')

  useEffect(() => {
    try {
      setText(window.localStorage.getItem(key) ?? '')
    } catch {
      // Storage is refused: there is no draft to restore.
    }
  }, [key])

  const change = useCallback(
    (next: string) => {
      setText(next)
      try {
        if (next) window.localStorage.setItem(key, next)
        else window.localStorage.removeItem(key)
      } catch {
        // Storage is refused or full: the draft lives in the page only.
      }
    },
    [key],
  )

  return [text, change] as const
}
