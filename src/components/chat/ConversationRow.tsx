import BlockRounded from '@mui/icons-material/BlockRounded'
import NotificationsOffRounded from '@mui/icons-material/NotificationsOffRounded'
import PushPinRounded from '@mui/icons-material/PushPinRounded'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Typography from '@mui/material/Typography'
import { type MouseEvent, memo } from 'react'
import type { OutgoingMessage } from '@/client/outbox/entries'
import type { Room } from '@/contracts/chat'
import { isMuted } from '@/contracts/isMuted'
import { useKeptDraft } from '@/hooks/useDraft'
import { formatRecent } from '../ui/clock'
import { PersonAvatar } from '../ui/PersonAvatar'
import { VisuallyHidden } from '../ui/VisuallyHidden'
import { DeliveryMark } from './DeliveryMark'
import { PresenceDot } from './PresenceDot'
import { roomPath } from './useChatRoute'

interface Props {
  room: Room
  /** Its newest message, where that is not acknowledged. */
  waiting: OutgoingMessage | undefined
  myId: string
  /** Undefined while it is not known what the reader's clock and time zone say. */
  now: Date | undefined
  open: boolean
  onOpen: (roomId: string) => void
}

/** What stands below the name: `by` and the text, which may be written in another direction. */
const previewOf = ({ lastMessage }: Room, waiting: OutgoingMessage | undefined, myId: string) => {
  if (waiting) return { by: 'You: ', text: waiting.message, isQuiet: false }
  if (!lastMessage) return { text: 'No messages yet', isQuiet: true }
  const by = lastMessage.senderId === myId && lastMessage.kind === undefined ? 'You: ' : ''
  return lastMessage.deletedAt
    ? { by, text: 'Message deleted', isQuiet: true }
    : { by, text: lastMessage.message, isQuiet: false }
}

export const rowId = (roomId: string) => `room-${roomId}`

/** A link that stays in the page, except where the person asks for another tab. */
export const ConversationRow = memo(function ConversationRow({ room, waiting, myId, now, open, onOpen }: Props) {
  const name = room.name ?? 'Conversation'
  const unread = room.unread > 0
  const { by, text, isQuiet } = previewOf(room, waiting, myId)
  const draft = useKeptDraft(myId, room.id)
  const at = waiting?.createdAt ?? room.lastMessage?.createdAt ?? room.updatedAt
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    onOpen(room.id)
  }

  return (
    <Box sx={{ px: 1, py: 0.25 }}>
      <ButtonBase
        component="a"
        id={rowId(room.id)}
        href={roomPath(room.id)}
        onClick={follow}
        aria-current={open ? 'page' : undefined}
        sx={{
          width: '100%',
          justifyContent: 'flex-start',
          textAlign: 'left',
          gap: 1.5,
          px: 1.5,
          py: 1.25,
          borderRadius: '12px',
          color: 'text.primary',
          bgcolor: open ? 'color-mix(in srgb, var(--mui-palette-primary-main) 12%, transparent)' : 'transparent',
          '&:hover': open ? {} : { bgcolor: 'action.hover' },
          '&.Mui-focusVisible': { outlineOffset: '-2px' },
        }}
      >
        <PresenceDot userId={room.blocked ? undefined : room.partnerId}>
          <PersonAvatar name={name} image={room.avatarImage} />
        </PresenceDot>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 1 }}>
            <Typography component="span" variant="subtitle1" noWrap sx={{ flex: 1 }}>
              <bdi>{name}</bdi>
            </Typography>
            <Typography component="span" variant="caption" sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
              {now && formatRecent(new Date(at), now)}
            </Typography>
          </Box>
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, minHeight: 21 }}>
            <Typography
              component="span"
              variant="body2"
              noWrap
              sx={{
                flex: 1,
                color: unread ? 'text.primary' : 'text.secondary',
                fontWeight: unread ? 550 : 400,
                fontStyle: isQuiet ? 'italic' : 'normal',
              }}
            >
              {/* The open one is written before one's eyes. */}
              {draft !== null && !open ? (
                <>
                  <Box component="span" sx={{ color: 'warning.main' }}>
                    Draft:{' '}
                  </Box>
                  <bdi>{draft}</bdi>
                </>
              ) : (
                <>
                  {by}
                  <bdi>{text}</bdi>
                </>
              )}
            </Typography>
            {waiting && <DeliveryMark delivery={waiting.state === 'failed' ? 'failed' : 'waiting'} />}
            {room.blocked && <State Icon={BlockRounded} said="Blocked. " />}
            {now && isMuted(room, now) && <State Icon={NotificationsOffRounded} said="Muted. " />}
            {room.pinnedAt !== undefined && <State Icon={PushPinRounded} said="Pinned. " />}
            {room.unreadMentions > 0 && <MentionBadge count={room.unreadMentions} />}
            {unread && <UnreadBadge count={room.unread} />}
          </Box>
        </Box>
      </ButtonBase>
    </Box>
  )
})

function State({ Icon, said }: { Icon: typeof PushPinRounded; said: string }) {
  return (
    <Box component="span" sx={{ display: 'inline-flex', color: 'text.secondary' }}>
      <Icon aria-hidden sx={{ fontSize: 16 }} />
      <VisuallyHidden>{said}</VisuallyHidden>
    </Box>
  )
}

/** Beside how many are unread: that some of them name oneself. */
const MentionBadge = ({ count }: { count: number }) => (
  <Box component="span" sx={{ ...badge, px: 0.5, bgcolor: 'primary.main', color: 'primary.contrastText' }}>
    <span aria-hidden>@</span>
    <VisuallyHidden>{`${count} mention${count === 1 ? '' : 's'} of you, `}</VisuallyHidden>
  </Box>
)

const badge = {
  flex: 'none',
  minWidth: 20,
  height: 20,
  px: 0.75,
  borderRadius: 10,
  fontSize: '0.75rem',
  lineHeight: '20px',
  fontWeight: 650,
  textAlign: 'center',
  fontVariantNumeric: 'tabular-nums',
} as const

function UnreadBadge({ count }: { count: number }) {
  return (
    <Box component="span" sx={{ ...badge, bgcolor: 'secondary.main', color: 'secondary.contrastText' }}>
      {count > 99 ? '99+' : count}
      <VisuallyHidden> unread</VisuallyHidden>
    </Box>
  )
}
