import { useCallback, useEffect, useState } from 'react'
import * as z from 'zod/mini'
import { createLocalText, readList } from '@/client/runtime/localText'
import { useLocalText } from './useLocalText'

const kept = createLocalText()

const keyOf = (userId: string, roomId: string) => `tandem:draft:${userId}:${roomId}`

/** Kept per person and room in localStorage; where that is refused, for as long as the page lives. */
export function useDraft(userId: string, roomId: string) {
  const key = keyOf(userId, roomId)
  const [, keep] = useLocalText(key)
  const [text, setText] = useState('')

  // Read once: from then on the field knows better.
  useEffect(() => setText(kept.read(key) ?? ''), [key])

  const change = useCallback(
    (next: string) => {
      setText(next)
      keep(() => next || null)
    },
    [keep],
  )

  return [text, change] as const
}

/** What this person has begun to write in that room; null where nothing. */
export const useKeptDraft = (userId: string, roomId: string): string | null => useLocalText(keyOf(userId, roomId))[0]

/** Which message the draft answers, by its id. Of what that says nothing is kept. */
export function useKeptReply(userId: string, roomId: string) {
  const key = `tandem:reply:${userId}:${roomId}`
  const [id, setId] = useState(() => kept.read(key) ?? undefined)
  const keep = useCallback(
    (next: string | undefined) => {
      setId(next)
      kept.write(key, next ?? null)
    },
    [key],
  )
  return [id, keep] as const
}

const Name = z.object({ id: z.string(), name: z.string() })

/** Whom the draft names, by the names under which they were chosen. */
export function useKeptNames(userId: string, roomId: string) {
  const key = `tandem:names:${userId}:${roomId}`
  const [names, setNames] = useState(() => readList(kept, key, Name))
  const keep = useCallback(
    (next: z.infer<typeof Name>[]) => {
      setNames(next)
      kept.write(key, next.length > 0 ? JSON.stringify(next) : null)
    },
    [key],
  )
  return [names, keep] as const
}

/** What was begun before there was a room. */
export function moveDraft(userId: string, from: string, to: string): void {
  const text = kept.read(keyOf(userId, from))
  if (text === null) return
  kept.write(keyOf(userId, to), text)
  kept.write(keyOf(userId, from), null)
}
