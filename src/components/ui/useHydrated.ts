import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** False on the server and in the first render here, which must say the same: only the browser knows its time zone. */
export const useHydrated = () =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
