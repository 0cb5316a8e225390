import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { formatDay } from '../ui/clock'
import { PersonAvatar } from '../ui/PersonAvatar'
import { MessageBubble } from './MessageBubble'
import type { MessageRow } from './rows'

export interface MessageActions {
  retry: (clientId: string) => void
  discard: (clientId: string) => void
}

interface Props {
  row: MessageRow
  now: Date
  /** In a group one has to see who speaks. */
  showSender: boolean
  actions: MessageActions
}

/** One message with what stands above it (day, "New") and below it (why it failed). */
export function MessageItem({ row, now, showSender, actions }: Props) {
  const named = showSender && !row.mine

  return (
    <Box sx={{ px: { xs: 1.5, md: 3 }, pt: row.first ? 1.25 : 0.375, maxWidth: 920, mx: 'auto' }}>
      {row.startsDay && <DayLine label={formatDay(row.at, now)} />}
      {row.startsNew && <NewLine />}
      <Box
        sx={{ display: 'flex', alignItems: 'flex-end', gap: 1, justifyContent: row.mine ? 'flex-end' : 'flex-start' }}
      >
        {named && (
          <Box sx={{ width: 32, flex: 'none' }}>
            {row.last && <PersonAvatar name={row.senderName} image={row.senderImage} size={32} />}
          </Box>
        )}
        <Box
          sx={{
            display: 'flex',
            flexDirection: 'column',
            alignItems: row.mine ? 'flex-end' : 'flex-start',
            minWidth: 0,
            maxWidth: { xs: '84%', md: 'min(72%, 600px)' },
          }}
        >
          {named && row.first && (
            <Typography
              variant="caption"
              aria-hidden
              sx={{ color: 'text.secondary', fontWeight: 600, pl: 1.5, pb: 0.5 }}
            >
              {row.senderName}
            </Typography>
          )}
          <MessageBubble row={row} />
          {row.delivery === 'failed' && <Failure row={row} actions={actions} />}
        </Box>
      </Box>
    </Box>
  )
}

function Failure({ row, actions }: { row: MessageRow; actions: MessageActions }) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'flex-end', pt: 0.5 }}>
      <Typography variant="body2" sx={{ color: 'error.main' }}>
        Not sent. {row.error?.message}
      </Typography>
      <Box sx={{ whiteSpace: 'nowrap' }}>
        <Button size="small" onClick={() => actions.retry(row.clientId)}>
          Retry
        </Button>
        <Button size="small" color="inherit" onClick={() => actions.discard(row.clientId)}>
          Delete
        </Button>
      </Box>
    </Box>
  )
}

function DayLine({ label }: { label: string }) {
  return (
    <Box sx={{ display: 'flex', justifyContent: 'center', pt: 1, pb: 1.75 }}>
      <Typography variant="caption" component="h2" sx={{ fontWeight: 600, color: 'text.secondary' }}>
        {label}
      </Typography>
    </Box>
  )
}

function NewLine() {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, pb: 1.5, color: 'warning.main' }}>
      <Box sx={{ flex: 1, height: '1px', bgcolor: 'secondary.main', opacity: 0.6 }} />
      <Typography variant="caption" sx={{ fontWeight: 650 }}>
        New
      </Typography>
      <Box sx={{ flex: 1, height: '1px', bgcolor: 'secondary.main', opacity: 0.6 }} />
    </Box>
  )
}
