import CloseRounded from '@mui/icons-material/CloseRounded'
import MarkChatReadOutlined from '@mui/icons-material/MarkChatReadOutlined'
import MarkChatUnreadOutlined from '@mui/icons-material/MarkChatUnreadOutlined'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { memo, type ReactNode } from 'react'
import type { Notification } from '@/contracts/notifications'
import { formatMoment } from '../ui/clock'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { kinds } from './kinds'
import { NotificationAvatar } from './NotificationAvatar'
import { formatAgo } from './relativeTime'

interface Props {
  notification: Notification
  now: Date
  /** Lines of the message that are shown; all of them without it. */
  lines?: number | undefined
  onOpen: (notification: Notification) => void
  /** Absent: it is made up here, and can be neither marked nor deleted. */
  onSetRead?: ((id: string, read: boolean) => void) | undefined
  onRemove?: ((id: string) => void) | undefined
}

export const NotificationRow = memo(function NotificationRow(props: Props) {
  const { notification, now, lines, onOpen, onSetRead, onRemove } = props
  const { id, title, message, type, status, createdAt } = notification
  const unread = status === 'unread'
  const at = new Date(createdAt)

  return (
    <Box sx={{ px: 1, py: 0.25 }}>
      <Box
        sx={{
          position: 'relative',
          display: 'flex',
          borderRadius: '12px',
          bgcolor: unread ? 'color-mix(in srgb, var(--mui-palette-primary-main) 7%, transparent)' : 'transparent',
          '&:hover, &:focus-within': { bgcolor: 'action.hover' },
          // Where there is a pointer that hovers, the buttons wait for it or for the keyboard.
          '@media (hover: hover)': {
            '&:not(:hover):not(:focus-within) .row-actions': { opacity: 0 },
          },
        }}
      >
        <ButtonBase
          onClick={() => onOpen(notification)}
          sx={{
            flex: 1,
            minWidth: 0,
            alignItems: 'flex-start',
            justifyContent: 'flex-start',
            textAlign: 'left',
            gap: 1.5,
            pl: 1.5,
            pr: onRemove ? 9 : 1.5,
            py: 1.25,
            borderRadius: '12px',
            color: 'text.primary',
            '&.Mui-focusVisible': { outlineOffset: '-2px' },
          }}
        >
          <NotificationAvatar notification={notification} />
          <Box component="span" sx={{ flex: 1, minWidth: 0, display: 'block' }}>
            <Typography
              component="span"
              variant="subtitle1"
              sx={{ display: 'block', fontSize: '0.9375rem', fontWeight: unread ? 650 : 500, overflowWrap: 'anywhere' }}
            >
              <VisuallyHidden>
                {unread ? 'Unread. ' : ''}
                {kinds[type].label}:{' '}
              </VisuallyHidden>
              {title}
              {unread && <UnreadMark />}
            </Typography>
            <Typography
              component="span"
              variant="body2"
              sx={{
                color: 'text.secondary',
                overflowWrap: 'anywhere',
                whiteSpace: 'pre-line',
                display: lines ? '-webkit-box' : 'block',
                WebkitBoxOrient: 'vertical',
                WebkitLineClamp: lines,
                overflow: 'hidden',
              }}
            >
              {message}
            </Typography>
            <Typography
              component="time"
              dateTime={createdAt}
              title={formatMoment(at)}
              variant="caption"
              sx={{ display: 'block', mt: 0.25, color: 'text.secondary' }}
            >
              {formatAgo(at, now)}
            </Typography>
          </Box>
        </ButtonBase>
        {onSetRead && onRemove && (
          <Box className="row-actions" sx={{ position: 'absolute', top: 8, right: 8, display: 'flex' }}>
            <RowButton
              label={unread ? 'Mark as read' : 'Mark as unread'}
              of={title}
              onClick={() => onSetRead(id, unread)}
            >
              {unread ? <MarkChatReadOutlined fontSize="inherit" /> : <MarkChatUnreadOutlined fontSize="inherit" />}
            </RowButton>
            <RowButton label="Delete" of={title} onClick={() => onRemove(id)}>
              <CloseRounded fontSize="inherit" />
            </RowButton>
          </Box>
        )}
      </Box>
    </Box>
  )
})

const UnreadMark = () => (
  <Box
    component="span"
    aria-hidden
    sx={{
      display: 'inline-block',
      width: 8,
      height: 8,
      ml: 0.9,
      mb: '1px',
      borderRadius: '50%',
      bgcolor: 'secondary.main',
    }}
  />
)

interface RowButtonProps {
  label: string
  /** What a screen reader hears besides: which notification it concerns. */
  of: string
  onClick: () => void
  children: ReactNode
}

const RowButton = ({ label, of, onClick, children }: RowButtonProps) => (
  <Tooltip title={label}>
    <IconButton aria-label={`${label}: ${of}`} onClick={onClick} sx={{ width: 32, height: 32, fontSize: '1.125rem' }}>
      {children}
    </IconButton>
  </Tooltip>
)
