'use client'

import Alert from '@mui/material/Alert'
import MuiLink from '@mui/material/Link'
import Stack from '@mui/material/Stack'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { authCommands, ForgotPasswordInput } from '@/contracts/auth'
import { usePublicCall } from '@/hooks/usePublicCall'
import { useSubmit } from '../ui/useSubmit'
import { AuthCard } from './AuthCard'
import { EmailField } from './EmailField'
import { SubmitButton } from './SubmitButton'

/** Asks for a mail with a link. What is said then is the same whether there is an account or not. */
export function ForgotView() {
  const call = usePublicCall()
  const [email, setEmail] = useState('')
  const [askedFor, setAskedFor] = useState<string>()
  const [mistake, setMistake] = useState<string>()
  const { busy, failure, submit } = useSubmit(['email'])

  const ask = async (event: FormEvent) => {
    event.preventDefault()
    const read = ForgotPasswordInput.safeParse({ email })
    setMistake(read.error?.issues[0]?.message)
    if (!read.success) return
    const done = await submit(() => call(authCommands.forgotPassword, read.data))
    if (done) setAskedFor(read.data.email)
  }
  const problem = mistake ?? failure.fields.email

  return (
    <AuthCard
      title="Forgot password?"
      intro="We mail you a link with which you choose another one."
      footer={
        <MuiLink component={Link} href="/login" sx={{ fontWeight: 600 }}>
          Back to signing in
        </MuiLink>
      }
    >
      {askedFor === undefined ? (
        <Stack component="form" onSubmit={ask} noValidate sx={{ gap: 2 }}>
          {failure.message && <Alert severity="error">{failure.message}</Alert>}
          <EmailField
            autoFocus
            value={email}
            onChange={({ target }) => setEmail(target.value)}
            error={problem !== undefined}
            helperText={problem}
          />
          <SubmitButton form={{ isSubmitting: busy, isSubmitSuccessful: false }}>Mail me a link</SubmitButton>
        </Stack>
      ) : (
        <Alert severity="success" role="status" sx={{ overflowWrap: 'anywhere' }}>
          If there is an account for {askedFor}, a mail is on its way. Its link works once, for 30 minutes. Nothing
          came? Look among the unwanted mail.
        </Alert>
      )}
    </AuthCard>
  )
}
