import { type RefObject, useEffect } from 'react'

/** With a keyboard; on a touch screen that would cover half the conversation. */
export const wantsToType = () => typeof window !== 'undefined' && window.matchMedia('(pointer: fine)').matches

/** The composer has the focus where one wants to type, else the name. */
export function useInitialFocus(
  composer: RefObject<HTMLElement | null>,
  heading: RefObject<HTMLElement | null>,
  named: boolean,
) {
  const typing = wantsToType()
  useEffect(() => {
    if (typing) composer.current?.focus()
    else if (named) heading.current?.focus()
  }, [typing, named, composer, heading])
}
