import Box from '@mui/material/Box'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import type { Participant } from '@/contracts/chat'
import { PersonAvatar } from '../ui/PersonAvatar'

interface Props {
  id: string
  people: readonly Participant[]
  chosen: number
  onTake: (person: Participant) => void
}

export const mentionOptionId = (listId: string, person: Pick<Participant, 'id'>) => `${listId}-${person.id}`

/** Above the field: whom the name that is being written may mean. The focus stays in the field. */
export const MentionList = ({ id, people, chosen, onTake }: Props) => (
  <Box sx={{ position: 'relative', maxWidth: 872, mx: 'auto' }}>
    <Paper
      elevation={6}
      id={id}
      role="listbox"
      aria-label="People to mention"
      sx={{
        position: 'absolute',
        insetInlineStart: 0,
        bottom: 6,
        zIndex: 2,
        width: 'min(320px, 100%)',
        p: 0.75,
        borderRadius: '14px',
        border: '1px solid',
        borderColor: 'divider',
      }}
    >
      {people.map((person, index) => (
        <Box
          key={person.id}
          id={mentionOptionId(id, person)}
          role="option"
          aria-selected={index === chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(person)}
          sx={{
            display: 'flex',
            alignItems: 'center',
            gap: 1.25,
            px: 1,
            py: 0.75,
            borderRadius: '10px',
            cursor: 'pointer',
            bgcolor:
              index === chosen ? 'color-mix(in srgb, var(--mui-palette-primary-main) 12%, transparent)' : 'transparent',
            '&:hover': { bgcolor: 'action.hover' },
          }}
        >
          <PersonAvatar name={person.name} image={person.avatarImage} size={28} />
          <Typography component="span" noWrap>
            <bdi>{person.name}</bdi>
          </Typography>
        </Box>
      ))}
    </Paper>
  </Box>
)
