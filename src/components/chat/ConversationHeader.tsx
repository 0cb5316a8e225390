import ArrowBackRounded from '@mui/icons-material/ArrowBackRounded'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import type { RefObject } from 'react'
import type { Participant, Room } from '@/contracts/chat'
import { useAuth } from '@/hooks/useAuth'
import { LastSeen } from '../notifications/LastSeen'
import { PresenceDot } from '../notifications/PresenceDot'
import { ConnectionIndicator } from '../ui/ConnectionIndicator'
import { PersonAvatar } from '../ui/PersonAvatar'
import { VisuallyHidden } from '../ui/VisuallyHidden'

interface Props {
  room: Room | undefined
  participants: Participant[]
  onClose: () => void
  headingRef: RefObject<HTMLHeadingElement | null>
}

export function ConversationHeader({ room, participants, onClose, headingRef }: Props) {
  const { user } = useAuth()
  const partnerId = room?.kind === 'direct' ? participants.find(({ id }) => id !== user?.id)?.id : undefined

  return (
    <Box
      component="header"
      sx={{
        flex: 'none',
        display: 'flex',
        alignItems: 'center',
        gap: 1.5,
        px: { xs: 1, md: 3 },
        height: 64,
        bgcolor: 'background.paper',
        borderBottom: '1px solid',
        borderColor: 'divider',
      }}
    >
      <IconButton aria-label="Back to conversations" onClick={onClose} sx={{ display: { md: 'none' } }}>
        <ArrowBackRounded />
      </IconButton>
      {room ? (
        <>
          <PresenceDot userId={partnerId}>
            <PersonAvatar name={room.name ?? 'Conversation'} size={38} />
          </PresenceDot>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Typography ref={headingRef} tabIndex={-1} variant="h3" component="h1" noWrap sx={{ outline: 'none' }}>
              {room.name ?? 'Conversation'}
            </Typography>
            {room.kind === 'group' && (
              <Typography variant="body2" sx={{ color: 'text.secondary', display: { xs: 'none', md: 'block' } }}>
                {participants.length} people
              </Typography>
            )}
            <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, minWidth: 0 }}>
              {partnerId && <LastSeen userId={partnerId} />}
              {/* On wide pages the app's header has it. */}
              <Box sx={{ display: { md: 'none' } }}>
                <ConnectionIndicator compact />
              </Box>
            </Box>
          </Box>
        </>
      ) : (
        <>
          <VisuallyHidden component="h1">Loading the conversation</VisuallyHidden>
          <Skeleton variant="circular" width={38} height={38} />
          <Skeleton width={150} height={26} sx={{ mr: 'auto' }} />
        </>
      )}
    </Box>
  )
}
