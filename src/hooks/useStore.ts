import { useSyncExternalStore } from 'react'
import type { Store } from '@/client/runtime/Store'

const subscribeToNothing = () => () => {}

/** What the store shows, kept current; `starting` as long as there is none. */
export const useStore = <View>(store: Store<View> | undefined, starting: View): View =>
  useSyncExternalStore(store?.subscribe ?? subscribeToNothing, store?.getSnapshot ?? (() => starting), () => starting)
