'use client'

import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { useAccount } from '@/hooks/useAccount'
import { useAuth } from '@/hooks/useAuth'
import { useMay } from '@/hooks/useMay'
import { late } from '../ui/late'
import { Problem } from '../ui/Problem'
import { DisableSection } from './DisableSection'
import { GoogleSection } from './GoogleSection'
import { PasswordSection } from './PasswordSection'
import { ProfileSection } from './ProfileSection'
import { SecondFactorSection } from './SecondFactorSection'
import { Section } from './Section'
import { SessionsSection } from './SessionsSection'
import { TopicsSection } from './TopicsSection'

const PreferencesDialog = late(async () => (await import('../notifications/PreferencesDialog')).PreferencesDialog)
const BlockedDialog = late(async () => (await import('./BlockedDialog')).BlockedDialog)

interface Props {
  /** Why linking did not work. */
  problem: string | undefined
  /** A Google account was linked just now. */
  linked: boolean
}

/** Everything about one's own account. */
export function AccountView({ problem: refusal, linked }: Props) {
  const { user, refresh } = useAuth()
  const { account, problem, reload, call } = useAccount()
  const mayFollow = useMay('topics:subscribe')
  const [preferring, setPreferring] = useState(false)
  const [showsBlocked, setShowsBlocked] = useState(false)
  if (!user) return null
  const rest = { call, onChanged: reload }

  return (
    <Box sx={{ flex: 1, minHeight: 0, overflowY: 'auto' }}>
      <Stack sx={{ maxWidth: 680, mx: 'auto', px: { xs: 2, md: 3 }, py: { xs: 2, md: 3 }, gap: 2 }}>
        <Typography variant="h2" component="h1">
          Account
        </Typography>
        <Problem text={refusal} />
        {linked && <Alert severity="success">Your Google account is linked.</Alert>}
        <Problem text={problem} again={reload} />
        {account ? (
          <>
            {account.secondFactor.required && <SecondFactorSection account={account} {...rest} />}
            <ProfileSection user={user} call={call} onChanged={refresh} />
            <PasswordSection email={user.email} account={account} {...rest} />
            {!account.secondFactor.required && <SecondFactorSection account={account} {...rest} />}
            {account.google && <GoogleSection account={{ ...account, google: account.google }} {...rest} />}
            <SessionsSection sessions={account.sessions} {...rest} />
            <Section title="Notifications" hint="What calls for your attention, and when it is quiet.">
              <Button
                variant="outlined"
                color="inherit"
                onClick={() => setPreferring(true)}
                sx={{ borderColor: 'divider' }}
              >
                Preferences
              </Button>
            </Section>
            {mayFollow && <TopicsSection />}
            <Section title="Blocked people" hint="Who can no longer write to you nor see when you are online.">
              <Button
                variant="outlined"
                color="inherit"
                onClick={() => setShowsBlocked(true)}
                sx={{ borderColor: 'divider' }}
              >
                Show blocked people
              </Button>
            </Section>
            <DisableSection account={account} call={call} />
          </>
        ) : (
          !problem && [0, 1, 2].map((row) => <Skeleton key={row} variant="rounded" height={180} />)
        )}
      </Stack>
      <BlockedDialog open={showsBlocked} onClose={() => setShowsBlocked(false)} />
      <PreferencesDialog open={preferring} onClose={() => setPreferring(false)} />
    </Box>
  )
}
