import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import type { Room } from '@/contracts/chat'
import { useGroup } from '@/hooks/useGroup'
import { Problem } from '../ui/Problem'
import { useSubmit } from '../ui/useSubmit'

/** Name and picture of a group, for those who may change them. */
export function GroupDescription({ room }: { room: Room }) {
  const { update } = useGroup(room.id)
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [picture, setPicture] = useState('')
  const { busy, failure, submit } = useSubmit(['name', 'avatarImage'])

  const begin = () => {
    setName(room.name ?? '')
    setPicture(room.avatarImage ?? '')
    setOpen(true)
  }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const change = { name: name.trim(), avatarImage: picture.trim() || null }
    if (await submit(() => update(change))) setOpen(false)
  }

  if (!open) {
    return (
      <Button onClick={begin} sx={{ mt: 1, ml: -1 }}>
        Change name or picture
      </Button>
    )
  }
  return (
    <Stack component="form" aria-label="Name and picture" onSubmit={save} noValidate sx={{ gap: 2, mt: 2 }}>
      <Problem text={failure.message} />
      <TextField
        label="Name of the group"
        autoComplete="off"
        autoFocus
        value={name}
        onChange={({ target }) => setName(target.value)}
        error={failure.fields.name !== undefined}
        helperText={failure.fields.name}
      />
      <TextField
        label="Picture"
        type="url"
        value={picture}
        onChange={({ target }) => setPicture(target.value)}
        error={failure.fields.avatarImage !== undefined}
        helperText={failure.fields.avatarImage ?? 'The address of a picture; leave it blank for initials.'}
      />
      <Stack direction="row" sx={{ gap: 1 }}>
        <Button type="submit" variant="contained" loading={busy}>
          Save
        </Button>
        <Button color="inherit" onClick={() => setOpen(false)} disabled={busy}>
          Cancel
        </Button>
      </Stack>
    </Stack>
  )
}
