import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import type { Person } from '@/contracts/users'
import { PersonAvatar } from '../ui/PersonAvatar'
import { PeoplePicker } from './PeoplePicker'

interface Props {
  chosen: readonly Person[]
  busy: boolean
  onChange: (chosen: Person[]) => void
}

/** Several people: those chosen above the search, where each can be taken out again. */
export function PeopleChoice({ chosen, busy, onChange }: Props) {
  const without = (id: string) => chosen.filter((person) => person.id !== id)
  const toggle = (person: Person) => {
    const others = without(person.id)
    onChange(others.length === chosen.length ? [...chosen, person] : others)
  }

  return (
    <>
      {chosen.length > 0 && (
        <Box
          component="ul"
          aria-label="Chosen; Delete takes somebody out"
          sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, p: 0, m: 0, mb: 1.5, listStyle: 'none' }}
        >
          {chosen.map(({ id, name, avatarImage }) => (
            <li key={id}>
              <Chip
                avatar={<PersonAvatar name={name} image={avatarImage} size={24} />}
                label={name}
                onDelete={() => onChange(without(id))}
                sx={{ maxWidth: 220 }}
              />
            </li>
          ))}
        </Box>
      )}
      <PeoplePicker name="" busy={busy} chosen={chosen} onPick={toggle} />
    </>
  )
}
