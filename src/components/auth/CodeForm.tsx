'use client'

import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { AppError } from '@/contracts/errors'
import { useAuth } from '@/hooks/useAuth'
import { CodeField } from './CodeField'
import { showServerError } from './formErrors'
import { SubmitButton } from './SubmitButton'

interface Props {
  challenge: string
  next: string
  /** Back to the password. */
  onRestart: () => void
}

/** The second half of signing in, where somebody has an authenticator app. */
export function CodeForm({ challenge, next, onRestart }: Props) {
  const { passSecondFactor } = useAuth()
  const router = useRouter()
  const {
    register,
    handleSubmit,
    setError,
    formState: { errors, isSubmitting, isSubmitSuccessful },
  } = useForm({ defaultValues: { code: '' } })

  const submit = handleSubmit(async ({ code }) => {
    try {
      await passSecondFactor({ challenge, code: code.replaceAll(/\s/g, '') })
      router.replace(next)
    } catch (error) {
      showServerError(error instanceof Error ? error : new AppError('INTERNAL'), ['code'], setError)
    }
  })

  return (
    <Stack component="form" onSubmit={submit} noValidate sx={{ gap: 2 }}>
      {errors.root?.server && <Alert severity="error">{errors.root.server.message}</Alert>}
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        Give the six digits that your authenticator app shows, or one of your recovery codes.
      </Typography>
      <CodeField autoFocus problem={errors.code?.message} {...register('code', { required: 'Give the code.' })} />
      <SubmitButton form={{ isSubmitting, isSubmitSuccessful }}>Continue</SubmitButton>
      <Button color="inherit" onClick={onRestart}>
        Begin again
      </Button>
    </Stack>
  )
}
