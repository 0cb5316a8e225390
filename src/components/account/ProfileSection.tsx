import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import { accountCommands } from '@/contracts/account'
import type { CurrentUser } from '@/contracts/users'
import type { Call } from '@/hooks/useCommand'
import { PersonAvatar } from '../ui/PersonAvatar'
import { useSubmit } from '../ui/useSubmit'
import { Section } from './Section'

interface Props {
  user: CurrentUser
  call: Call
  onChanged: () => Promise<void>
}

/** How others see one. */
export function ProfileSection({ user, call, onChanged }: Props) {
  const [name, setName] = useState(user.name)
  const [picture, setPicture] = useState(user.avatarImage ?? '')
  const [saved, setSaved] = useState(false)
  const { busy, failure, submit } = useSubmit(['name', 'avatarImage'])

  const save = async (event: FormEvent) => {
    event.preventDefault()
    setSaved(false)
    const done = await submit(async () => {
      await call(accountCommands.updateProfile, { name, avatarImage: picture.trim() || null })
      await onChanged()
    })
    setSaved(done)
  }

  return (
    <Section title="Profile" hint={user.email}>
      <Stack component="form" onSubmit={save} noValidate sx={{ gap: 2 }}>
        {failure.message && <Alert severity="error">{failure.message}</Alert>}
        {saved && <Alert severity="success">Saved. Others see it when their page next loads you.</Alert>}
        <TextField
          label="Name"
          autoComplete="name"
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={failure.fields.name !== undefined}
          helperText={failure.fields.name ?? 'How others see you.'}
        />
        <Box sx={{ display: 'flex', gap: 2, alignItems: 'flex-start' }}>
          <Box sx={{ pt: 1 }}>
            <PersonAvatar name={user.name} image={user.avatarImage} size={40} />
          </Box>
          <TextField
            label="Picture"
            type="url"
            value={picture}
            onChange={({ target }) => setPicture(target.value)}
            error={failure.fields.avatarImage !== undefined}
            helperText={failure.fields.avatarImage ?? 'The address of a picture; leave it blank for your initials.'}
            sx={{ flex: 1 }}
          />
        </Box>
        <Button type="submit" variant="contained" loading={busy} sx={{ alignSelf: 'flex-start' }}>
          Save profile
        </Button>
      </Stack>
    </Section>
  )
}
