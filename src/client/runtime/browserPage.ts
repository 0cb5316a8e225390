import type { Page } from './runtime'

const listen = (target: EventTarget, names: string[], listener: () => void) => {
  for (const name of names) target.addEventListener(name, listener)
  return () => {
    for (const name of names) target.removeEventListener(name, listener)
  }
}

/** Without a touch for this long the person counts as away. */
const IDLE_MS = 5 * 60_000

/** The page of a real browser. */
export const browserPage = (window: Window): Page => {
  const { document, navigator } = window
  const isVisible = () => document.visibilityState !== 'hidden'
  let touchedAt = Date.now()
  return {
    isVisible,
    isIdle: () => Date.now() - touchedAt > IDLE_MS,
    isOnline: () => navigator.onLine !== false,
    onWake(listener) {
      const offWindow = listen(window, ['focus', 'online', 'pageshow'], listener)
      const offDocument = listen(document, ['visibilitychange', 'resume'], () => {
        if (isVisible()) listener()
      })
      const offTouch = listen(document, ['pointerdown', 'pointermove', 'wheel', 'keydown'], () => {
        touchedAt = Date.now()
      })
      return () => {
        offWindow()
        offDocument()
        offTouch()
      }
    },
    onChange(listener) {
      const offWindow = listen(window, ['online', 'offline'], listener)
      const offDocument = listen(document, ['visibilitychange'], listener)
      return () => {
        offWindow()
        offDocument()
      }
    },
  }
}
