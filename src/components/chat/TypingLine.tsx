import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { Participant } from '@/contracts/chat'
import { VisuallyHidden } from '../ui/VisuallyHidden'

interface Props {
  /** The ids of the others who type at this moment. */
  typing: readonly string[]
  participants: readonly Participant[]
}

const namesOf = (ids: readonly string[], participants: readonly Participant[]) =>
  ids.map((id) => participants.find((person) => person.id === id)?.name ?? 'Somebody')

const wordsFor = ([first, second, ...others]: readonly string[]) => {
  if (first === undefined) return ''
  if (second === undefined) return `${first} is typing…`
  return others.length === 0 ? `${first} and ${second} are typing…` : 'Several people are typing…'
}

/** Who types. A screen reader says it of each person once, however often they pause; their messages are read anyway. */
export function TypingLine({ typing, participants }: Props) {
  const [said, setSaid] = useState<readonly string[]>([])
  const [saying, setSaying] = useState('')
  const news = typing.filter((id) => !said.includes(id))
  if (news.length > 0) {
    setSaid([...said, ...news])
    setSaying(wordsFor(namesOf(news, participants)))
  }

  return (
    <>
      <Typography
        aria-hidden
        variant="caption"
        component="p"
        noWrap
        // Always there, so that nothing moves when somebody begins.
        sx={{
          flex: 'none',
          height: 20,
          width: '100%',
          maxWidth: 920,
          mx: 'auto',
          px: { xs: 3.5, md: 5 },
          color: 'text.secondary',
        }}
      >
        {wordsFor(namesOf(typing, participants))}
      </Typography>
      <VisuallyHidden role="status">{saying}</VisuallyHidden>
    </>
  )
}
