'use client'

import CheckRounded from '@mui/icons-material/CheckRounded'
import SearchRounded from '@mui/icons-material/SearchRounded'
import Box from '@mui/material/Box'
import CircularProgress from '@mui/material/CircularProgress'
import InputAdornment from '@mui/material/InputAdornment'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type KeyboardEvent, useId, useState } from 'react'
import type { Person } from '@/contracts/users'
import { useUserSearch } from '@/hooks/useUserSearch'
import { PersonAvatar } from '../ui/PersonAvatar'
import { Problem } from '../ui/Problem'
import { InviteByMail } from './InviteByMail'

interface Props {
  /** Who is looked for at first. */
  name: string
  busy: boolean
  /** Given: several may be chosen, and these are. */
  chosen?: readonly Person[]
  onPick: (person: Person) => void
}

/** A search field and its list: the arrows move, Enter picks (the combobox pattern of ARIA). */
export function PeoplePicker({ name, busy, chosen, onPick }: Props) {
  const [query, setQuery] = useState(name)
  const [active, setActive] = useState(0)
  const { people, status, invites, problem, retry } = useUserSearch(query)
  const listId = useId()
  const optionId = (index: number) => `${listId}-${index}`
  const isChosen = ({ id }: Person) => chosen?.some((person) => person.id === id) === true
  const current = people[Math.min(active, people.length - 1)]

  const move = (to: number) => {
    const next = (to + people.length) % people.length
    setActive(next)
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || people.length === 0) return
    if (event.key === 'ArrowDown') move(active + 1)
    else if (event.key === 'ArrowUp') move(active - 1)
    else if (event.key === 'Enter' && current && !busy) onPick(current)
    else return
    event.preventDefault()
  }

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
          htmlInput: {
            'aria-label': 'Search people',
            role: 'combobox',
            autoComplete: 'off',
            'aria-autocomplete': 'list',
            'aria-expanded': people.length > 0,
            'aria-controls': listId,
            'aria-activedescendant': current ? optionId(people.indexOf(current)) : undefined,
          },
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
              id={optionId(index)}
              role="option"
              aria-selected={chosen ? isChosen(person) : person === current}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setActive(index)}
              onClick={() => !busy && onPick(person)}
              sx={{
                display: 'flex',
                alignItems: 'center',
                gap: 1.5,
                px: 1.5,
                py: 1,
                borderRadius: '12px',
                cursor: 'pointer',
                bgcolor: person === current ? 'action.hover' : 'transparent',
              }}
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
