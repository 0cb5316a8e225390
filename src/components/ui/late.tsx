import { type ComponentType, useEffect, useState } from 'react'

/** What somebody does who is there: whatever opens is soon wanted. */
const signs = ['pointermove', 'pointerdown', 'keydown'] as const

/**
 * A part of the page whose code is not in its first load: it comes with the first sign of a person, so that it is there
 * when they open it, and without a connection too; at the latest when it is opened. Until then it shows `StandIn` or nothing,
 * and the focus stays where it is. What could not be fetched is asked for again at the next sign.
 */
export function late<Props extends { open: boolean }>(
  load: () => Promise<ComponentType<Props>>,
  StandIn?: ComponentType<Props>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined

  return function Late(props) {
    const [Part, setPart] = useState(() => loaded)
    const { open } = props

    useEffect(() => {
      if (Part) return
      let asking = false
      const get = async () => {
        if (asking) return
        asking = true
        loaded = await load().catch(() => undefined)
        asking = false
        setPart(() => loaded)
      }
      if (open) void get()
      for (const sign of signs) window.addEventListener(sign, get, { passive: true })
      return () => {
        for (const sign of signs) window.removeEventListener(sign, get)
      }
    }, [Part, open])

    const Shown = Part ?? StandIn
    return Shown ? <Shown {...props} /> : null
  }
}
