import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { memo, type ReactNode, useMemo } from 'react'
import type { SearchHit } from '@/contracts/search'
import { formatRecent } from '../ui/clock'
import { PersonAvatar } from '../ui/PersonAvatar'
import { useNow } from '../ui/useNow'
import { searchExcerpt } from './searchExcerpt'

/** Something that can be opened. */
export interface Found {
  group: 'Conversations' | 'People' | 'Messages'
  key: string
  shown: ReactNode
  act: () => void | Promise<void>
}

export const FoundName = ({ name, image }: { name: string; image: string | undefined }) => (
  <>
    <PersonAvatar name={name} image={image} size={36} />
    <Typography variant="subtitle1" component="span" noWrap>
      <bdi>{name}</bdi>
    </Typography>
  </>
)

interface FoundMessageProps {
  hit: SearchHit
  /** What it was found by. */
  query: string
  myId: string
}

/** A message that was found, with what stands around the words. Not rendered anew with each move among them. */
export const FoundMessage = memo(function FoundMessage({ hit, query, myId }: FoundMessageProps) {
  const { message, room, senderName } = hit
  const excerpt = useMemo(() => searchExcerpt(message.message, query), [message.message, query])
  const now = useNow()
  const name = room.name ?? 'Conversation'
  return (
    <>
      <PersonAvatar name={name} image={room.avatarImage} size={36} />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 1 }}>
          <Typography variant="subtitle2" component="span" noWrap sx={{ flex: 1 }}>
            <bdi>{name}</bdi>
          </Typography>
          <Typography
            variant="caption"
            component="time"
            dateTime={message.createdAt}
            sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}
          >
            {formatRecent(new Date(message.createdAt), now)}
          </Typography>
        </Box>
        <Typography variant="body2" component="div" sx={excerptLook}>
          <bdi>{message.senderId === myId ? 'You' : senderName}</bdi>:{' '}
          <bdi>
            {excerpt.map(({ text, isMarked }, index) =>
              // The same parts in the same order for as long as the text is the same.
              // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
              isMarked ? <mark key={index}>{text}</mark> : text,
            )}
          </bdi>
        </Typography>
      </Box>
    </>
  )
})

const excerptLook = {
  color: 'text.secondary',
  overflow: 'hidden',
  overflowWrap: 'anywhere',
  display: '-webkit-box',
  WebkitLineClamp: '2',
  WebkitBoxOrient: 'vertical',
  '& mark': {
    bgcolor: 'color-mix(in srgb, var(--mui-palette-secondary-main) 30%, transparent)',
    color: 'text.primary',
    borderRadius: '3px',
    px: '1px',
  },
}
