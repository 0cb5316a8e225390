import { type RefObject, useEffect } from 'react'

/** With a keyboard one wants to type; on a touch screen that would cover half the conversation. */
export function useInitialFocus(
  composer: RefObject<HTMLElement | null>,
  heading: RefObject<HTMLElement | null>,
  named: boolean,
) {
  const typing = typeof window !== 'undefined' && window.matchMedia('(pointer: fine)').matches
  useEffect(() => {
    if (typing) composer.current?.focus()
    else if (named) heading.current?.focus()
  }, [typing, named, composer, heading])
}
