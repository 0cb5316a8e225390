import CloseRounded from '@mui/icons-material/CloseRounded'
import OpenInFullRounded from '@mui/icons-material/OpenInFullRounded'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Popover from '@mui/material/Popover'
import type { Theme } from '@mui/material/styles'
import useMediaQuery from '@mui/material/useMediaQuery'
import Link from 'next/link'
import { useId } from 'react'
import type { Bell } from '@/hooks/useBell'
import { Tooltip } from '../ui/Tooltip'
import { NotificationPanel } from './NotificationPanel'
import { notificationsPath } from './notificationsPath'

interface Props {
  open: boolean
  /** The bell's button. */
  anchor: HTMLElement | null
  bell: Bell
  onClose: () => void
}

/** The list that the bell opens: a popover beside it, or on a small page a sheet. */
export function BellPanel({ open, anchor, bell, onClose }: Props) {
  // Where an open conversation hides the header, there is nothing for a popover to hang on.
  const asSheet = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'), { noSsr: true })
  const headingId = useId()

  const panel = (
    <NotificationPanel
      bell={bell}
      heading="h2"
      headingId={headingId}
      lines={3}
      onLeave={onClose}
      tools={
        <>
          <Tooltip title="Open as a page">
            <IconButton component={Link} href={notificationsPath} aria-label="Open as a page" onClick={onClose}>
              <OpenInFullRounded sx={{ fontSize: 18 }} />
            </IconButton>
          </Tooltip>
          <IconButton aria-label="Close" onClick={onClose}>
            <CloseRounded fontSize="small" />
          </IconButton>
        </>
      }
    />
  )
  const paper = { role: 'dialog', 'aria-modal': true, 'aria-labelledby': headingId }

  return asSheet ? (
    <Drawer
      anchor="bottom"
      open={open}
      onClose={onClose}
      slotProps={{ paper: { ...paper, sx: { height: '88dvh', borderRadius: '18px 18px 0 0' } } }}
    >
      {panel}
    </Drawer>
  ) : (
    <Popover
      open={open}
      onClose={onClose}
      anchorEl={anchor}
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
  )
}
