'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import Alert from '@mui/material/Alert'
import Stack from '@mui/material/Stack'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { LoginInput } from '@/contracts/auth'
import { useAuth } from '@/hooks/useAuth'
import { EmailField } from './EmailField'
import { showServerError } from './formErrors'
import { PasswordField } from './PasswordField'
import { SubmitButton } from './SubmitButton'

interface Props {
  next: string
  /** A code is needed besides. */
  onChallenge: (challenge: string) => void
}

/** Signing in with a password. */
export function LoginForm({ next, onChallenge }: Props) {
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
