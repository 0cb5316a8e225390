import { useCallback, useSyncExternalStore } from 'react'
import type { Store } from '@/client/runtime/Store'

/** Nobody sees more. */
const FRAME_MS = 16

/** Components to tell that their store changed. */
const waiting = new Set<() => void>()
let toldAt = Number.NEGATIVE_INFINITY

/**
 * Draws what has changed until now: to be called where somebody does something, so that it is seen in the same moment as
 * whatever else that changes on the page, and what they do next is done to what they see.
 */
export const drawNow = (): void => {
  if (waiting.size === 0) return
  toldAt = performance.now()
  const changed = [...waiting]
  waiting.clear()
  for (const listener of changed) listener()
}

/**
 * A store says so of every change, and React would draw each of them at once. Here they are gathered: what comes until the
 * next frame, or while the last one is still being drawn, is drawn together. By a timer, which runs in hidden tabs too,
 * if only once a second.
 */
const tellSoon = (listener: () => void) => {
  if (waiting.size === 0) {
    const sinceTold = performance.now() - toldAt
    setTimeout(drawNow, sinceTold >= 0 && sinceTold < FRAME_MS ? FRAME_MS - sinceTold : 0)
  }
  waiting.add(listener)
}

const nothing = () => {}

/** What the store shows, kept current; `starting` as long as there is none. */
export function useStore<View>(store: Store<View> | undefined, starting: View): View {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (store === undefined) return nothing
      const off = store.subscribe(() => tellSoon(listener))
      return () => {
        off()
        waiting.delete(listener)
      }
    },
    [store],
  )
  return useSyncExternalStore(subscribe, store?.getSnapshot ?? (() => starting), () => starting)
}
