import { useCallback, useSyncExternalStore } from 'react'
import { createLocalText } from '@/client/runtime/localText'

const CHANGED = 'tandem-local-text'
const kept = createLocalText()

const subscribe = (listener: () => void) => {
  // `storage` tells of other tabs, our own event of this one.
  window.addEventListener('storage', listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    window.removeEventListener('storage', listener)
    window.removeEventListener(CHANGED, listener)
  }
}

/**
 * A text that this browser keeps, the same in all its tabs; null where nothing is kept. `change` takes what is kept now to
 * what is kept then (null removes it); false where the browser keeps nothing.
 */
export const useLocalText = (key: string) => {
  const text = useSyncExternalStore(
    subscribe,
    () => kept.read(key),
    () => null,
  )
  const change = useCallback(
    (to: (before: string | null) => string | null): boolean => {
      const isKept = kept.write(key, to(kept.read(key)))
      window.dispatchEvent(new Event(CHANGED))
      return isKept
    },
    [key],
  )
  return [text, change] as const
}
