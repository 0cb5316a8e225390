'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import Alert from '@mui/material/Alert'
import Stack from '@mui/material/Stack'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useForm } from 'react-hook-form'
import { LoginInput } from '@/contracts/auth'
import { useAuth } from '@/hooks/useAuth'
import { CodeForm } from './CodeForm'
import { EmailField } from './EmailField'
import { showServerError } from './formErrors'
import { PasswordField } from './PasswordField'
import { SubmitButton } from './SubmitButton'

/** With a password, and a code where one is needed; whoever comes back from Google may need the code alone. */
export function LoginForm({ next }: { next: string }) {
  const [challenge, setChallenge] = useState<string>()

  useEffect(() => {
    // It was put behind the # to reach no server and no log; nor shall it stay in the history.
    const [, given] = /^#challenge=([\w-]+)$/.exec(window.location.hash) ?? []
    if (given === undefined) return
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
    setChallenge(given)
  }, [])

  return challenge === undefined ? (
    <PasswordForm next={next} onChallenge={setChallenge} />
  ) : (
    <CodeForm challenge={challenge} next={next} onRestart={() => setChallenge(undefined)} />
  )
}

function PasswordForm({ next, onChallenge }: { next: string; onChallenge: (challenge: string) => void }) {
  const { signIn } = useAuth()
  const router = useRouter()
  const {
    register,
    handleSubmit,
    setError,
    formState: { errors, isSubmitting, isSubmitSuccessful },
  } = useForm({ resolver: zodResolver(LoginInput), defaultValues: { email: '', password: '' } })

  const submit = handleSubmit(async (values) => {
    try {
      const challenge = await signIn(values)
      if (challenge === undefined) router.replace(next)
      else onChallenge(challenge)
    } catch (error) {
      showServerError(error, ['email', 'password'], setError)
    }
  })

  return (
    <Stack component="form" onSubmit={submit} noValidate sx={{ gap: 2 }}>
      {errors.root?.server && <Alert severity="error">{errors.root.server.message}</Alert>}
      <EmailField autoFocus error={Boolean(errors.email)} helperText={errors.email?.message} {...register('email')} />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        error={Boolean(errors.password)}
        helperText={errors.password?.message}
        {...register('password')}
      />
      <SubmitButton form={{ isSubmitting, isSubmitSuccessful }}>Sign in</SubmitButton>
    </Stack>
  )
}
