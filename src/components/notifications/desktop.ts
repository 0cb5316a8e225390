interface Shown {
  title: string
  message: string
  /** Of two with the same the second takes the place of the first. */
  tag: string
  /** The page of this site that a click opens. */
  url: string
}

/** What the browser says of desktop notifications; there are none on plain-http addresses. */
export const desktopState = (): NotificationPermission | 'unsupported' =>
  typeof window === 'undefined' || !window.isSecureContext || !('Notification' in window)
    ? 'unsupported'
    : window.Notification.permission

/** Asks the person, once; resolves to whether they may be shown. */
export const askForDesktop = async (): Promise<boolean> => {
  if (desktopState() === 'unsupported') return false
  return (await window.Notification.requestPermission()) === 'granted'
}

/**
 * Shows one outside the page; a click brings the page to the front. False where the browser shows none.
 * @param byWorker - as a push is shown, by the browser's worker, so that each takes the other's place.
 */
export async function showOnDesktop(shown: Shown, onClick: () => void, byWorker: boolean): Promise<boolean> {
  if (desktopState() !== 'granted') return false
  return (byWorker && (await showByWorker(shown).catch(() => false))) || showByPage(shown, onClick)
}

/** False where there is no worker. */
async function showByWorker({ tag, title, message, url }: Shown): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration()
  if (!registration?.active) return false
  // Missing in the types.
  const options: NotificationOptions & { renotify: boolean } = {
    body: message,
    tag,
    renotify: true,
    data: { url, byPage: true },
  }
  await registration.showNotification(title, options)
  return true
}

function showByPage({ tag, title, message }: Shown, onClick: () => void): boolean {
  try {
    const shown = new window.Notification(title, { body: message, tag })
    shown.onclick = () => {
      window.focus()
      shown.close()
      onClick()
    }
    return true
  } catch {
    // Chrome on Android has the constructor and refuses to be called.
    return false
  }
}
