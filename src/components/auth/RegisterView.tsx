'use client'

import MuiLink from '@mui/material/Link'
import Link from 'next/link'
import { AuthCard } from './AuthCard'
import { RegisterForm } from './RegisterForm'

export function RegisterView({ next }: { next: string }) {
  return (
    <AuthCard
      title="Create an account"
      intro="A name, an e-mail address and a password are all it takes."
      footer={
        <>
          Already have one?{' '}
          <MuiLink component={Link} href={`/login?next=${encodeURIComponent(next)}`} sx={{ fontWeight: 600 }}>
            Sign in
          </MuiLink>
        </>
      }
    >
      <RegisterForm next={next} />
    </AuthCard>
  )
}
