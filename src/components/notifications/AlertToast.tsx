import CloseRounded from '@mui/icons-material/CloseRounded'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import IconButton from '@mui/material/IconButton'
import Paper from '@mui/material/Paper'
import Portal from '@mui/material/Portal'
import Snackbar from '@mui/material/Snackbar'
import Typography from '@mui/material/Typography'
import type { Notification } from '@/contracts/notifications'
import { NotificationAvatar } from './NotificationAvatar'

/** Milliseconds a toast stays; it waits while the window is not in front or the pointer is on it. */
const toastMs = 7_000

interface Props {
  open: boolean
  notification: Notification | undefined
  /** How many came just before it. */
  more: number
  onOpen: () => void
  onClose: () => void
}

/** Shows in a corner what has just arrived. */
export const AlertToast = ({ open, notification, more, onOpen, onClose }: Props) => (
  // Outside the header, which a phone hides beside an open conversation.
  <Portal>
    <Snackbar
      open={open}
      autoHideDuration={toastMs}
      // A newer one starts its time anew.
      key={notification?.id ?? 'none'}
      onClose={(_, reason) => {
        if (reason !== 'clickaway') onClose()
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
        {notification && (
          <>
            <ButtonBase
              onClick={onOpen}
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
              <NotificationAvatar notification={notification} size={36} />
              <Box component="span" sx={{ flex: 1, minWidth: 0 }}>
                <Typography
                  component="span"
                  variant="subtitle1"
                  noWrap
                  sx={{ display: 'block', fontSize: '0.9375rem' }}
                >
                  {notification.title}
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
                  {notification.message}
                </Typography>
                {more > 0 && (
                  <Typography component="span" variant="caption" sx={{ color: 'text.secondary' }}>
                    and {more} more
                  </Typography>
                )}
              </Box>
            </ButtonBase>
            <IconButton aria-label="Dismiss" size="small" onClick={onClose} sx={{ m: 0.75 }}>
              <CloseRounded fontSize="small" />
            </IconButton>
          </>
        )}
      </Paper>
    </Snackbar>
  </Portal>
)
