'use client'

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import MuiLink from '@mui/material/Link'
import Stack from '@mui/material/Stack'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { authCommands, Password } from '@/contracts/auth'
import { usePublicCall } from '@/hooks/usePublicCall'
import { useSubmit } from '../ui/useSubmit'
import { AuthCard } from './AuthCard'
import { PasswordField } from './PasswordField'
import { SubmitButton } from './SubmitButton'
import { useFragment } from './useFragment'

/** Another password, by the link of a mail. Nobody is signed in by it. */
export function ResetView() {
  const call = usePublicCall()
  const [token] = useFragment('token')
  const [password, setPassword] = useState('')
  const [mistake, setMistake] = useState<string>()
  const [done, setDone] = useState(false)
  const { busy, failure, submit } = useSubmit(['token', 'password'])

  const reset = async (event: FormEvent) => {
    event.preventDefault()
    const read = Password.safeParse(password)
    setMistake(read.error?.issues[0]?.message)
    if (read.success) setDone(await submit(() => call(authCommands.resetPassword, { token: token ?? '', password })))
  }
  const problem = mistake ?? failure.fields.password
  const refusal = failure.message ?? failure.fields.token

  return (
    <AuthCard
      title="Choose another password"
      intro="With it you sign in from now on; whoever is signed in to your account is signed out."
      footer={
        <MuiLink component={Link} href="/forgot" sx={{ fontWeight: 600 }}>
          Mail me another link
        </MuiLink>
      }
    >
      {done ? (
        <Stack sx={{ gap: 2 }}>
          <Alert severity="success" role="status">
            Your password is set.
          </Alert>
          <Button component={Link} href="/login" variant="contained" size="large">
            Sign in
          </Button>
        </Stack>
      ) : (
        <Stack component="form" onSubmit={reset} noValidate sx={{ gap: 2 }}>
          {refusal && <Alert severity="error">{refusal}</Alert>}
          <PasswordField
            label="New password"
            autoComplete="new-password"
            autoFocus
            value={password}
            onChange={({ target }) => setPassword(target.value)}
            error={problem !== undefined}
            helperText={problem ?? 'At least 8 characters, and not one that many others have.'}
          />
          <SubmitButton form={{ isSubmitting: busy, isSubmitSuccessful: false }}>Set password</SubmitButton>
        </Stack>
      )}
    </AuthCard>
  )
}
