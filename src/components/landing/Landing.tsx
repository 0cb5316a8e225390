'use client'

import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import Link from 'next/link'
import { type DemoAccount, DemoAccounts } from '../auth/DemoAccounts'
import { PublicHeader } from '../ui/PublicHeader'
import { Promises } from './Promises'
import { TwoWindows } from './TwoWindows'

export function Landing({ demo }: { demo: DemoAccount[] }) {
  return (
    <Box sx={{ minHeight: '100dvh', display: 'flex', flexDirection: 'column' }}>
      <PublicHeader>
        <Button component={Link} href="/login" color="inherit">
          Sign in
        </Button>
      </PublicHeader>
      <Box component="main" sx={{ flex: 1, width: '100%', maxWidth: 1280, mx: 'auto', px: { xs: 2, md: 4 }, pb: 8 }}>
        <Box
          sx={{
            display: 'grid',
            gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1fr) minmax(0, 1.05fr)' },
            alignItems: 'center',
            gap: { xs: 5, md: 8 },
            pt: { xs: 4, md: 8 },
          }}
        >
          <Stack sx={{ gap: 2.5, maxWidth: 520 }}>
            <Typography variant="h1" sx={{ textWrap: 'balance' }}>
              Chat that keeps its word.
            </Typography>
            <Typography sx={{ fontSize: '1.125rem', color: 'text.secondary', textWrap: 'pretty' }}>
              Tandem is realtime chat you host yourself: once a message is marked sent it arrives, once and in order,
              whatever happens to the connection.
            </Typography>
            {demo.length > 0 ? <TryIt accounts={demo} /> : <Enter />}
          </Stack>
          <TwoWindows />
        </Box>
        <Promises />
      </Box>
    </Box>
  )
}

function Enter() {
  return (
    <Stack direction="row" sx={{ gap: 1.5, mt: 1, flexWrap: 'wrap' }}>
      <Button component={Link} href="/register" variant="contained" size="large">
        Create an account
      </Button>
      <Button component={Link} href="/login" size="large" variant="outlined">
        Sign in
      </Button>
    </Stack>
  )
}

function TryIt({ accounts }: { accounts: DemoAccount[] }) {
  return (
    <Box component="section" aria-labelledby="try-heading" sx={{ mt: 1.5 }}>
      <Typography id="try-heading" variant="h3" component="h2">
        Try it now
      </Typography>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5, mb: 1.5 }}>
        One click and you are in. Open a second, private window as somebody else to see both sides.
      </Typography>
      <DemoAccounts accounts={accounts} />
      <Typography variant="body2" sx={{ mt: 2, color: 'text.secondary' }}>
        Or <Link href="/register">create an account</Link> of your own.
      </Typography>
    </Box>
  )
}
