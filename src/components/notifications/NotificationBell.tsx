import NotificationsNoneRounded from '@mui/icons-material/NotificationsNoneRounded'
import IconButton from '@mui/material/IconButton'
import { usePathname } from 'next/navigation'
import { useCallback, useState } from 'react'
import { VisuallyHidden } from '@/components/ui/VisuallyHidden'
import { useBell } from '@/hooks/useBell'
import { CountBadge } from '../ui/CountBadge'
import { late } from '../ui/late'
import { Tooltip } from '../ui/Tooltip'
import { NotificationAlerts } from './NotificationAlerts'
import { notificationsPath } from './notificationsPath'
import { useFaviconCount } from './useFaviconCount'

const BellPanel = late(async () => (await import('./BellPanel')).BellPanel)
const UndoSnackbar = late(async () => (await import('./UndoBar')).UndoSnackbar)

/** The bell with the count of notifications; it opens the list. Unread messages are counted beside it, at the chats. */
export function NotificationBell() {
  const bell = useBell()
  const onPage = usePathname() === notificationsPath
  const [button, setButton] = useState<HTMLButtonElement | null>(null)
  const [open, setOpen] = useState(false)
  const close = useCallback(() => setOpen(false), [])
  useFaviconCount(bell.total)

  return (
    <>
      <Tooltip title="Notifications">
        <IconButton ref={setButton} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}>
          <CountBadge count={bell.unread}>
            <NotificationsNoneRounded sx={{ fontSize: 22 }} />
          </CountBadge>
          <VisuallyHidden>{bell.unread > 0 ? `Notifications, ${bell.unread} unread` : 'Notifications'}</VisuallyHidden>
        </IconButton>
      </Tooltip>
      <BellPanel open={open} anchor={button} bell={bell} onClose={close} />
      <NotificationAlerts listIsOpen={open || onPage} onOpen={() => setOpen(true)} />
      <UndoSnackbar open={!open && !onPage && bell.removing.length > 0} bell={bell} />
    </>
  )
}
