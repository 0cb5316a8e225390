import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { notificationTag, roomTag } from '@/contracts/alertTag'
import type { Notification } from '@/contracts/notifications'
import { useAlerts } from '@/hooks/useAlerts'
import { useBrowserAlerts } from '@/hooks/useBrowserAlerts'
import { usePushes } from '@/hooks/usePushes'
import { late } from '../ui/late'
import { showOnDesktop } from './desktop'
import { playChime } from './sound'

const AlertToast = late(async () => (await import('./AlertToast')).AlertToast)

interface Props {
  /** The list is on the page already, so nothing needs to point to it. */
  listIsOpen: boolean
  onOpen: () => void
}

/**
 * Toast, sound and desktop notification for what has just arrived. A message has no toast: whoever has Tandem in front sees
 * it at its conversation.
 */
export function NotificationAlerts({ listIsOpen, onOpen }: Props) {
  const router = useRouter()
  const { sound, desktop, push } = useBrowserAlerts().browser
  usePushes(push, router.push)
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

  useAlerts((arrival) => {
    const inFront = document.visibilityState === 'visible' && document.hasFocus()
    const isMessage = 'message' in arrival
    if (inFront && (isMessage || listIsOpen)) return
    if (sound) playChime()
    const isShownOutside = desktop && !inFront
    if (isMessage) {
      const { room, message } = arrival
      const url = `/chat/${room.id}`
      const shown = { tag: roomTag(room.id), title: room.name ?? 'New message', message: message.message, url }
      if (isShownOutside) void showOnDesktop(shown, () => router.push(url), push)
      return
    }
    const { notification } = arrival
    // A burst is one toast: the newest, and how many came before it.
    const showToast = () => {
      setMore(toast ? more + 1 : 0)
      setToast(notification)
    }
    if (!isShownOutside) return showToast()
    const { title, message, link: url = '/notifications' } = notification
    void showOnDesktop({ tag: notificationTag(notification), title, message, url }, open, push).then(
      (isShown) => isShown || showToast(),
    )
  }, sound || desktop)

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
