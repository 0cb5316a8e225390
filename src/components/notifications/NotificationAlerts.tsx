import { useState } from 'react'
import type { Notification } from '@/contracts/notifications'
import { useAlerts } from '@/hooks/useAlerts'
import { useNotificationPreferences } from '@/hooks/useNotificationPreferences'
import { late } from '../ui/late'
import { showOnDesktop } from './desktop'
import { playChime } from './sound'

const AlertToast = late(async () => (await import('./AlertToast')).AlertToast)

interface Props {
  /** The list is on the page already, so nothing needs to point to it. */
  listIsOpen: boolean
  onOpen: () => void
}

/** Toast, sound and desktop notification for what has just arrived. */
export function NotificationAlerts({ listIsOpen, onOpen }: Props) {
  const { preferences } = useNotificationPreferences()
  const [toast, setToast] = useState<Notification>()
  const [more, setMore] = useState(0)
  const close = () => {
    setToast(undefined)
    setMore(0)
  }
  const open = () => {
    close()
    onOpen()
  }

  useAlerts((notification) => {
    const inFront = document.visibilityState === 'visible' && document.hasFocus()
    if (listIsOpen && inFront) return
    if (preferences.sound) playChime()
    if (preferences.desktop && !inFront && showOnDesktop(notification, open)) return
    // A burst is one toast: the newest, and how many came before it.
    setMore(toast ? more + 1 : 0)
    setToast(notification)
  })

  return (
    <AlertToast
      open={toast !== undefined && !listIsOpen}
      notification={toast}
      more={more}
      onOpen={open}
      onClose={close}
    />
  )
}
