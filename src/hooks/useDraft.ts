import { useCallback, useEffect, useState } from 'react'
import { createLocalText } from '@/client/runtime/localText'

const kept = createLocalText()

/** Kept per person and room in localStorage; where that is refused, for as long as the page lives. */
export function useDraft(userId: string, roomId: string) {
  const key = `tandem:draft:${userId}:${roomId}`
  const [text, setText] = useState('')

  useEffect(() => setText(kept.read(key) ?? ''), [key])

  const change = useCallback(
    (next: string) => {
      setText(next)
      kept.write(key, next || null)
    },
    [key],
  )

  return [text, change] as const
}
