'use client'

import CheckRounded from '@mui/icons-material/CheckRounded'
import SearchRounded from '@mui/icons-material/SearchRounded'
import Box from '@mui/material/Box'
import CircularProgress from '@mui/material/CircularProgress'
import InputAdornment from '@mui/material/InputAdornment'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import type { Person } from '@/contracts/users'
import { useUserSearch } from '@/hooks/useUserSearch'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { useCombobox } from '../ui/useCombobox'
import { InviteByMail } from './InviteByMail'

interface Props {
  /** Who is looked for at first. */
  name: string
  busy: boolean
  /** Given: several may be chosen, and these are. */
  chosen?: readonly Person[]
  onPick: (person: Person) => void
}

/** A search field and its list of people. */
export function PeoplePicker({ name, busy, chosen, onPick }: Props) {
  const [query, setQuery] = useState(name)
  const { people, status, invites, problem, retry } = useUserSearch(query)
  const isChosen = ({ id }: Person) => chosen?.some((person) => person.id === id) === true
  const pick = (person: Person | undefined) => person && !busy && onPick(person)
  const { active, setActive, onKeyDown, listId, field, optionOf } = useCombobox({
    keys: people.map(({ id }) => id),
    onEnter: (index) => pick(people[index]),
  })

  return (
    <>
      <TextField
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
        placeholder="Search by name or e-mail"
        fullWidth
        autoFocus
        slotProps={{
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchRounded fontSize="small" />
              </InputAdornment>
            ),
            endAdornment: status === 'searching' && <CircularProgress size={18} aria-label="Searching" />,
          },
          htmlInput: { ...field, 'aria-label': 'Search people' },
        }}
      />
      <Box sx={{ height: chosen ? 220 : 340, mt: 1.5, mx: -1 }}>
        <Problem text={problem} again={retry} sx={{ mx: 1 }} />
        {!problem && status === 'ready' && people.length === 0 && (
          <Typography role="status" sx={{ color: 'text.secondary', textAlign: 'center', pt: 6 }}>
            {query.trim() ? `Nobody called “${query.trim()}” is here.` : 'Nobody else is here yet.'}
          </Typography>
        )}
        {status === 'ready' && invites && <InviteByMail key={query.trim()} email={query.trim()} />}
        <Box
          role="listbox"
          id={listId}
          aria-label="People"
          aria-multiselectable={chosen !== undefined}
          hidden={people.length === 0}
          sx={{ maxHeight: '100%', overflowY: 'auto' }}
        >
          {people.map((person, index) => (
            <Box
              key={person.id}
              {...optionOf(person.id)}
              aria-selected={chosen ? isChosen(person) : index === active}
              onClick={() => pick(person)}
            >
              <PersonAvatar name={person.name} image={person.avatarImage} size={40} />
              <Typography variant="subtitle1" component="span" noWrap>
                {person.name}
              </Typography>
              {isChosen(person) && <CheckRounded aria-hidden color="primary" sx={{ ml: 'auto' }} />}
            </Box>
          ))}
        </Box>
      </Box>
    </>
  )
}
