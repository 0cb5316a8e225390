'use client'

import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Divider from '@mui/material/Divider'
import MuiLink from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import Link from 'next/link'
import { AuthCard } from './AuthCard'
import { CodeForm } from './CodeForm'
import { type DemoAccount, DemoAccounts } from './DemoAccounts'
import { GoogleButton } from './GoogleButton'
import { LoginForm } from './LoginForm'
import { useFragment } from './useFragment'

interface Props {
  next: string
  demo: DemoAccount[]
  /** Whether there is sign-in with Google. */
  google: boolean
  /** Why the last way in failed. */
  problem: string | undefined
  /** Whether anybody may make an account. */
  registers: boolean
  /** Whether another password can be mailed for. */
  mail: boolean
}

/** With a password, Google or the demo; then a code, where one is needed, and nothing else. */
export function LoginView({ next, demo, google, problem, registers, mail }: Props) {
  // Of the password's answer, or of the way back from Google.
  const [challenge, setChallenge] = useFragment('challenge')
  if (challenge !== undefined) {
    return (
      <AuthCard title="One more step" intro="Your account asks for a code as well.">
        <CodeForm challenge={challenge} next={next} onRestart={() => setChallenge(undefined)} />
      </AuthCard>
    )
  }
  return (
    <AuthCard
      title="Welcome back"
      intro="Sign in to go on with your conversations."
      footer={
        registers ? (
          <>
            New here?{' '}
            <MuiLink component={Link} href={`/register?next=${encodeURIComponent(next)}`} sx={{ fontWeight: 600 }}>
              Create an account
            </MuiLink>
          </>
        ) : (
          'New here? Ask an administrator for an account.'
        )
      }
    >
      {problem && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {problem}
        </Alert>
      )}
      <LoginForm next={next} onChallenge={setChallenge} />
      {mail && (
        <Typography variant="body2" sx={{ mt: 2, textAlign: 'center' }}>
          <MuiLink component={Link} href="/forgot">
            Forgot password?
          </MuiLink>
        </Typography>
      )}
      {google && (
        <Box sx={{ mt: 2 }}>
          <GoogleButton next={next}>Sign in with Google</GoogleButton>
        </Box>
      )}
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
