'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import Alert from '@mui/material/Alert'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { RegisterInput } from '@/contracts/auth'
import { useAuth } from '@/hooks/useAuth'
import { EmailField } from './EmailField'
import { showServerError } from './formErrors'
import { PasswordField } from './PasswordField'
import { SubmitButton } from './SubmitButton'

interface Props {
  next: string
  invite: string | undefined
  /** Whom the invite is for; blank: whoever has it. */
  email: string
}

export function RegisterForm({ next, invite, email }: Props) {
  const { register: createAccount } = useAuth()
  const router = useRouter()
  const {
    register,
    handleSubmit,
    setError,
    formState: { errors, isSubmitting, isSubmitSuccessful },
  } = useForm({ resolver: zodResolver(RegisterInput), defaultValues: { name: '', email, password: '' } })

  const submit = handleSubmit(async (values) => {
    try {
      await createAccount(invite === undefined ? values : { ...values, invite })
      router.replace(next)
    } catch (error) {
      showServerError(error, ['name', 'email', 'password'], setError)
    }
  })

  return (
    <Stack component="form" onSubmit={submit} noValidate sx={{ gap: 2 }}>
      {errors.root?.server && <Alert severity="error">{errors.root.server.message}</Alert>}
      <TextField
        label="Name"
        autoComplete="name"
        autoFocus
        error={Boolean(errors.name)}
        helperText={errors.name?.message ?? 'How others see you.'}
        {...register('name')}
      />
      <EmailField error={Boolean(errors.email)} helperText={errors.email?.message} {...register('email')} />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        error={Boolean(errors.password)}
        helperText={errors.password?.message ?? 'At least 8 characters, and not one that many others have.'}
        {...register('password')}
      />
      <SubmitButton form={{ isSubmitting, isSubmitSuccessful }}>Create account</SubmitButton>
    </Stack>
  )
}
