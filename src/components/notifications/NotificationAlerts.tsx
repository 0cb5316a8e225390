'use client'

import CloseRounded from '@mui/icons-material/CloseRounded'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import IconButton from '@mui/material/IconButton'
import Paper from '@mui/material/Paper'
import Portal from '@mui/material/Portal'
import Snackbar from '@mui/material/Snackbar'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { Notification } from '@/contracts/notifications'
import { useAlerts } from '@/hooks/useAlerts'
import { useNotificationPreferences } from '@/hooks/useNotificationPreferences'
import { showOnDesktop } from './desktop'
import { NotificationAvatar } from './NotificationAvatar'
import { playChime } from './sound'

/** Milliseconds a toast stays; it waits while the window is not in front or the pointer is on it. */
const toastMs = 7_000

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
    // Outside the header, which a phone hides beside an open conversation.
    <Portal>
      <Snackbar
        open={toast !== undefined && !listIsOpen}
        autoHideDuration={toastMs}
        // A newer one starts its time anew.
        key={toast?.id ?? 'none'}
        onClose={(_, reason) => {
          if (reason !== 'clickaway') close()
        }}
        anchorOrigin={{ vertical: 'top', horizontal: 'right' }}
        sx={{ top: { xs: 64, md: 72 } }}
      >
        <Paper
          role="status"
          aria-label="New notification"
          elevation={6}
          sx={{
            display: 'flex',
            alignItems: 'flex-start',
            width: { xs: '100%', sm: 380 },
            borderRadius: '14px',
            border: '1px solid',
            borderColor: 'divider',
          }}
        >
          {toast && (
            <>
              <ButtonBase
                onClick={open}
                sx={{
                  flex: 1,
                  minWidth: 0,
                  gap: 1.5,
                  p: 1.5,
                  alignItems: 'flex-start',
                  textAlign: 'left',
                  borderRadius: '14px',
                }}
              >
                <NotificationAvatar notification={toast} size={36} />
                <Box component="span" sx={{ flex: 1, minWidth: 0 }}>
                  <Typography
                    component="span"
                    variant="subtitle1"
                    noWrap
                    sx={{ display: 'block', fontSize: '0.9375rem' }}
                  >
                    {toast.title}
                  </Typography>
                  <Typography
                    component="span"
                    variant="body2"
                    sx={{
                      color: 'text.secondary',
                      display: '-webkit-box',
                      WebkitBoxOrient: 'vertical',
                      WebkitLineClamp: 2,
                      overflow: 'hidden',
                      overflowWrap: 'anywhere',
                    }}
                  >
                    {toast.message}
                  </Typography>
                  {more > 0 && (
                    <Typography component="span" variant="caption" sx={{ color: 'text.secondary' }}>
                      and {more} more
                    </Typography>
                  )}
                </Box>
              </ButtonBase>
              <IconButton aria-label="Dismiss" size="small" onClick={close} sx={{ m: 0.75 }}>
                <CloseRounded fontSize="small" />
              </IconButton>
            </>
          )}
        </Paper>
      </Snackbar>
    </Portal>
  )
}
