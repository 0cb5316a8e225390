import MoreHorizRounded from '@mui/icons-material/MoreHorizRounded'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import Typography from '@mui/material/Typography'
import { dequal } from 'dequal/lite'
import { memo, useEffect, useRef } from 'react'
import { formatDay } from '../ui/clock'
import { PersonAvatar } from '../ui/PersonAvatar'
import { MessageBubble } from './MessageBubble'
import { MessageReactions } from './MessageReactions'
import type { MessageActions } from './messageActions'
import { moveAmongMessages } from './moveAmongMessages'
import { isAnswerable, type MessageRow } from './rows'
import { useOptionsGesture } from './useOptionsGesture'

interface Props {
  row: MessageRow
  now: Date
  /** In a group one has to see who speaks. */
  showSender: boolean
  actions: MessageActions
  /** The Tab key stops at its button; from there the arrows go to the others. */
  isTabStop: boolean
}

/**
 * One message with what stands above it (day, "New") and below it (why it failed). Rows are made anew with every change of
 * the conversation; one that says what it said before is not drawn again.
 */
export const MessageItem = memo(function MessageItem({ row, now, showSender, actions, isTabStop }: Props) {
  const { wantDetails } = actions
  const { id, seq, rev, isOpen } = row
  useEffect(() => {
    if (isOpen && id !== undefined && seq !== undefined) wantDetails({ id, seq, rev })
  }, [isOpen, id, seq, rev, wantDetails])
  return (
    <Box sx={{ px: { xs: 1.5, md: 3 }, pt: row.first ? 1.25 : 0.375, maxWidth: 920, mx: 'auto' }}>
      {row.startsDay && <DayLine label={formatDay(row.at, now)} />}
      {row.startsNew && <NewLine />}
      {row.system ? (
        <SystemLine text={row.text} />
      ) : (
        <Said row={row} showSender={showSender} actions={actions} isTabStop={isTabStop} />
      )}
    </Box>
  )
}, dequal)

/** What somebody wrote. */
function Said({ row, showSender, actions, isTabStop }: Omit<Props, 'now'>) {
  const named = showSender && !row.mine
  return (
    <Box sx={{ display: 'flex', alignItems: 'flex-end', gap: 1, justifyContent: row.mine ? 'flex-end' : 'flex-start' }}>
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
          <Typography variant="caption" aria-hidden sx={{ color: 'text.secondary', fontWeight: 600, pl: 1.5, pb: 0.5 }}>
            {row.senderName}
          </Typography>
        )}
        <WithOptions row={row} isTabStop={isTabStop} actions={actions} />
        <MessageReactions row={row} actions={actions} isTabStop={isTabStop} />
        {row.failed && <Failure row={row} failed={row.failed} actions={actions} />}
      </Box>
    </Box>
  )
}

/** The bubble, and beside it the button of its options: seen where the pointer is, and when it has the focus. */
function WithOptions({ row, isTabStop, actions }: Pick<Props, 'row' | 'isTabStop' | 'actions'>) {
  const button = useRef<HTMLButtonElement>(null)
  const open = () => {
    if (!button.current) return
    // Where the focus returns to.
    button.current.focus()
    actions.openOptions(row, button.current)
  }
  const { reply } = actions
  const onReply = reply && isAnswerable(row) ? () => reply(row) : undefined
  const gesture = useOptionsGesture(row.deleted ? undefined : open)

  return (
    <Box
      {...gesture}
      sx={{
        position: 'relative',
        maxWidth: '100%',
        '& > button': { opacity: 0 },
        '&:hover > button, & > button:focus-visible, & > button[aria-expanded=true]': { opacity: 1 },
        // There a long press opens the options; "Copy text" is among them.
        '@media (pointer: coarse)': { userSelect: 'none', WebkitTouchCallout: 'none' },
      }}
    >
      <MessageBubble row={row} onQuote={actions.jump} isTabStop={isTabStop} />
      {!row.deleted && (
        <IconButton
          ref={button}
          size="small"
          aria-label="Message options"
          aria-haspopup="menu"
          data-options
          tabIndex={isTabStop ? 0 : -1}
          onClick={open}
          aria-keyshortcuts={onReply && 'R'}
          onKeyDown={(event) => {
            moveAmongMessages(event)
            const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
            if (!onReply || !isPlain || event.key.toLowerCase() !== 'r') return
            event.preventDefault()
            onReply()
          }}
          sx={{
            position: 'absolute',
            top: 2,
            ...(row.mine ? { right: '100%', mr: 0.5 } : { left: '100%', ml: 0.5 }),
            width: 32,
            height: 32,
          }}
        >
          <MoreHorizRounded fontSize="small" />
        </IconButton>
      )}
    </Box>
  )
}

/** What is said of what has failed for good, and how it is given up. */
export const failures = {
  message: { said: 'Not sent.', giveUp: 'Delete' },
  edit: { said: 'The edit was not saved.', giveUp: 'Undo the edit' },
  delete: { said: 'Not deleted.', giveUp: 'Keep it' },
  react: { said: 'Your reaction was not kept.', giveUp: 'Dismiss' },
} as const

interface FailureProps extends Pick<Props, 'row' | 'actions'> {
  failed: NonNullable<MessageRow['failed']>
}

function Failure({ row, failed: { what, clientId }, actions }: FailureProps) {
  const { said, giveUp } = failures[what]
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        justifyContent: row.mine ? 'flex-end' : 'flex-start',
        pt: 0.5,
      }}
    >
      <Typography variant="body2" sx={{ color: 'error.main' }}>
        {said} {row.error?.message}
      </Typography>
      <Box sx={{ whiteSpace: 'nowrap' }}>
        <Button size="small" onClick={() => actions.retry(clientId)}>
          Retry
        </Button>
        <Button size="small" color="inherit" onClick={() => actions.discard(clientId)}>
          {giveUp}
        </Button>
      </Box>
    </Box>
  )
}

const SystemLine = ({ text }: { text: string }) => (
  <Typography
    variant="body2"
    dir="auto"
    sx={{ py: 0.5, textAlign: 'center', color: 'text.secondary', overflowWrap: 'anywhere' }}
  >
    {text}
  </Typography>
)

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
