import type { Notification as TandemNotification } from '@/contracts/notifications'

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

/** Shows one outside the page; a click brings the page to the front. False where the browser shows none. */
export const showOnDesktop = ({ id, title, message }: TandemNotification, onClick: () => void): boolean => {
  if (desktopState() !== 'granted') return false
  try {
    const shown = new window.Notification(title, { body: message, tag: id })
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
