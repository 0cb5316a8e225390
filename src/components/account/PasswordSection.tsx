import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { type FormEvent, useState } from 'react'
import { type AccountData, accountCommands } from '@/contracts/account'
import type { Call } from '@/hooks/useCommand'
import { PasswordField } from '../auth/PasswordField'
import { useSubmit } from '../ui/useSubmit'
import { Section } from './Section'
import { SignInAgain } from './SignInAgain'

interface Props {
  /** Tells a password manager whose password it is. */
  email: string
  account: AccountData
  call: Call
  onChanged: () => Promise<void>
}

/** Changing the password, or setting the first; everybody who is signed in elsewhere is signed out by it. */
export function PasswordSection({ email, account: { hasPassword }, call, onChanged }: Props) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [changed, setChanged] = useState(false)
  const { busy, failure, submit } = useSubmit(['current', 'next'])

  const change = async (event: FormEvent) => {
    event.preventDefault()
    setChanged(false)
    const input = hasPassword ? { current, next } : { next }
    const done = await submit(() => call(accountCommands.changePassword, input))
    setChanged(done)
    if (!done) return
    setCurrent('')
    setNext('')
    await onChanged()
  }

  return (
    <Section
      title="Password"
      hint={
        hasPassword
          ? 'Changing it ends all your other sessions.'
          : 'With one, you can sign in without Google as well. Setting it ends all your other sessions.'
      }
    >
      <Stack component="form" onSubmit={change} noValidate sx={{ gap: 2 }}>
        {failure.message && <Alert severity="error">{failure.message}</Alert>}
        {changed && <Alert severity="success">Your password is set, and all other sessions are over.</Alert>}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        {hasPassword ? (
          <PasswordField
            label="Current password"
            autoComplete="current-password"
            value={current}
            onChange={({ target }) => setCurrent(target.value)}
            error={failure.fields.current !== undefined}
            helperText={failure.fields.current}
          />
        ) : (
          <SignInAgain />
        )}
        <PasswordField
          label="New password"
          autoComplete="new-password"
          value={next}
          onChange={({ target }) => setNext(target.value)}
          error={failure.fields.next !== undefined}
          helperText={failure.fields.next ?? 'At least 8 characters, and not one that many others have.'}
        />
        <Button type="submit" variant="contained" loading={busy} sx={{ alignSelf: 'flex-start' }}>
          {hasPassword ? 'Change password' : 'Set password'}
        </Button>
      </Stack>
    </Section>
  )
}
