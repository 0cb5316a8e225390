'use client'

import CloseRounded from '@mui/icons-material/CloseRounded'
import NotificationsNoneRounded from '@mui/icons-material/NotificationsNoneRounded'
import OpenInFullRounded from '@mui/icons-material/OpenInFullRounded'
import Badge from '@mui/material/Badge'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Popover from '@mui/material/Popover'
import type { Theme } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import useMediaQuery from '@mui/material/useMediaQuery'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useCallback, useId, useState } from 'react'
import { VisuallyHidden } from '@/components/ui/VisuallyHidden'
import { useBell } from '@/hooks/useBell'
import { NotificationAlerts } from './NotificationAlerts'
import { NotificationPanel } from './NotificationPanel'
import { UndoSnackbar } from './UndoBar'
import { useFaviconCount } from './useFaviconCount'

const notificationsPath = '/notifications'

/** The bell with its count; a popover beside it, or on a small page a sheet. */
export function NotificationBell() {
  const bell = useBell()
  const pathname = usePathname()
  // Where an open conversation hides the header, there is nothing for a popover to hang on.
  const asSheet = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'), { noSsr: true })
  const [button, setButton] = useState<HTMLButtonElement | null>(null)
  const [open, setOpen] = useState(false)
  const headingId = useId()
  const onPage = pathname === notificationsPath
  const close = useCallback(() => setOpen(false), [])
  useFaviconCount(bell.total)

  const panel = (
    <NotificationPanel
      bell={bell}
      heading="h2"
      headingId={headingId}
      lines={3}
      onLeave={close}
      tools={
        <>
          <Tooltip title="Open as a page">
            <IconButton component={Link} href={notificationsPath} aria-label="Open as a page" onClick={close}>
              <OpenInFullRounded sx={{ fontSize: 18 }} />
            </IconButton>
          </Tooltip>
          <IconButton aria-label="Close" onClick={close}>
            <CloseRounded fontSize="small" />
          </IconButton>
        </>
      }
    />
  )
  const paper = { role: 'dialog', 'aria-modal': true, 'aria-labelledby': headingId }

  return (
    <>
      <Tooltip title="Notifications" describeChild>
        <IconButton ref={setButton} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}>
          <Badge
            badgeContent={bell.total}
            max={99}
            color="secondary"
            slotProps={{ badge: { 'aria-hidden': true, sx: { height: 17, minWidth: 17, px: 0.5, fontSize: 11 } } }}
          >
            <NotificationsNoneRounded sx={{ fontSize: 22 }} />
          </Badge>
          <VisuallyHidden>{bell.total > 0 ? `Notifications, ${bell.total} unread` : 'Notifications'}</VisuallyHidden>
        </IconButton>
      </Tooltip>
      {asSheet ? (
        <Drawer
          anchor="bottom"
          open={open}
          onClose={close}
          slotProps={{ paper: { ...paper, sx: { height: '88dvh', borderRadius: '18px 18px 0 0' } } }}
        >
          {panel}
        </Drawer>
      ) : (
        <Popover
          open={open}
          onClose={close}
          anchorEl={button}
          anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
          transformOrigin={{ vertical: 'top', horizontal: 'right' }}
          slotProps={{
            paper: {
              ...paper,
              sx: {
                width: 430,
                height: 'min(620px, calc(100dvh - 96px))',
                mt: 1,
                display: 'flex',
                flexDirection: 'column',
                borderRadius: '16px',
                border: '1px solid',
                borderColor: 'divider',
              },
            },
          }}
        >
          {panel}
        </Popover>
      )}
      <NotificationAlerts listIsOpen={open || onPage} onOpen={() => setOpen(true)} />
      {!open && !onPage && <UndoSnackbar bell={bell} />}
    </>
  )
}
