import type { Page } from './ports'

const listen = (target: EventTarget, names: string[], listener: () => void) => {
  for (const name of names) target.addEventListener(name, listener)
  return () => {
    for (const name of names) target.removeEventListener(name, listener)
  }
}

/** The page of a real browser. */
export const browserPage = (window: Window): Page => {
  const { document, navigator } = window
  const isVisible = () => document.visibilityState !== 'hidden'
  return {
    isVisible,
    isOnline: () => navigator.onLine !== false,
    onWake(listener) {
      const offWindow = listen(window, ['focus', 'online', 'pageshow'], listener)
      const offDocument = listen(document, ['visibilitychange', 'resume'], () => {
        if (isVisible()) listener()
      })
      return () => {
        offWindow()
        offDocument()
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
