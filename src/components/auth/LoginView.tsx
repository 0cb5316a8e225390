'use client'

import Box from '@mui/material/Box'
import Divider from '@mui/material/Divider'
import MuiLink from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import Link from 'next/link'
import { AuthCard } from './AuthCard'
import { type DemoAccount, DemoAccounts } from './DemoAccounts'
import { LoginForm } from './LoginForm'

export function LoginView({ next, demo }: { next: string; demo: DemoAccount[] }) {
  return (
    <AuthCard
      title="Welcome back"
      intro="Sign in to go on with your conversations."
      footer={
        <>
          New here?{' '}
          <MuiLink component={Link} href={`/register?next=${encodeURIComponent(next)}`} sx={{ fontWeight: 600 }}>
            Create an account
          </MuiLink>
        </>
      }
    >
      <LoginForm next={next} />
      {demo.length > 0 && (
        <Box component="section" aria-labelledby="demo-heading" sx={{ mt: 3 }}>
          <Divider sx={{ mb: 2 }}>
            <Typography id="demo-heading" variant="body2" component="h2" sx={{ color: 'text.secondary' }}>
              or try a demo account
            </Typography>
          </Divider>
          <DemoAccounts accounts={demo} next={next} />
        </Box>
      )}
    </AuthCard>
  )
}
