'use client'

import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import MuiLink from '@mui/material/Link'
import Link from 'next/link'
import { AuthCard } from './AuthCard'
import { GoogleButton } from './GoogleButton'
import { RegisterForm } from './RegisterForm'

interface Props {
  next: string
  /** Of the link somebody was invited by. */
  invite: string | undefined
  state: { open: true; email: string | null } | { open: false; reason: string }
  /** Whether there is sign-in with Google. */
  google: boolean
}

export function RegisterView({ next, invite, state, google }: Props) {
  return (
    <AuthCard
      title={invite !== undefined && state.open ? 'Welcome' : 'Create an account'}
      intro={
        state.open ? 'A name, an e-mail address and a password are all it takes.' : 'This cannot be done at the moment.'
      }
      footer={
        <>
          Already have one?{' '}
          <MuiLink component={Link} href={`/login?next=${encodeURIComponent(next)}`} sx={{ fontWeight: 600 }}>
            Sign in
          </MuiLink>
        </>
      }
    >
      {state.open ? (
        <>
          <RegisterForm next={next} invite={invite} email={state.email ?? ''} />
          {google && (
            <Box sx={{ mt: 2 }}>
              <GoogleButton next={next} invite={invite}>
                Register with Google
              </GoogleButton>
            </Box>
          )}
        </>
      ) : (
        <Alert severity="info">{state.reason}</Alert>
      )}
    </AuthCard>
  )
}
