import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import type { Person } from '@/contracts/users'
import { Problem } from '../ui/Problem'
import { useSubmit } from '../ui/useSubmit'
import { PeopleChoice } from './PeopleChoice'

interface Props {
  /** Opens the group; what it fails with is shown here. */
  onMake: (name: string, people: readonly Person[]) => Promise<void>
}

/** A name and people. */
export function NewGroup({ onMake }: Props) {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<Person[]>([])
  const { busy, failure, submit } = useSubmit(['name', 'participantIds'])

  const make = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() && chosen.length > 0) void submit(() => onMake(name.trim(), chosen))
  }

  return (
    <Stack component="form" onSubmit={make} noValidate sx={{ gap: 1.5, pt: 1 }}>
      <Problem text={failure.message ?? failure.fields.participantIds} />
      <TextField
        label="Name of the group"
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
        error={failure.fields.name !== undefined}
        helperText={failure.fields.name}
      />
      <div>
        <PeopleChoice chosen={chosen} busy={busy} onChange={setChosen} />
      </div>
      <Button
        type="submit"
        variant="contained"
        loading={busy}
        disabled={!name.trim() || chosen.length === 0}
        sx={{ mb: 1.5 }}
      >
        Make the group
      </Button>
    </Stack>
  )
}
