'use client'

import CloudOffOutlined from '@mui/icons-material/CloudOffOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { useAuth } from '@/hooks/useAuth'
import { AppHeader } from './AppHeader'
import { SecondFactorNotice } from './SecondFactorNotice'
import { contentId, SkipLink } from './SkipLink'
import { StatePanel } from './StatePanel'
import { SystemLink } from './SystemLink'
import { systemPagesOf } from './systemPages'

/** What every signed-in page stands in: header above, the page below, exactly as high as the window. */
export function AppShell({ children }: { children: ReactNode }) {
  const { user, signOut } = useAuth()
  const router = useRouter()
  const pathname = usePathname()
  const [leaving, setLeaving] = useState<'no' | 'asking' | 'failed'>('no')

  useEffect(() => {
    // The session ended elsewhere: sign in again and come back to the same place.
    if (!user && leaving === 'no') router.replace(`/login?next=${encodeURIComponent(pathname)}`)
  }, [user, leaving, pathname, router])

  const leave = async () => {
    setLeaving('asking')
    try {
      await signOut()
      router.replace('/')
    } catch {
      setLeaving('failed')
    }
  }

  if (!user) {
    if (leaving !== 'failed') return null
    return (
      <Box component="main" sx={{ minHeight: '100dvh', display: 'flex' }}>
        <StatePanel
          heading="h1"
          icon={<CloudOffOutlined />}
          title="You are still signed in"
          actions={
            <Button variant="contained" onClick={leave}>
              Try again
            </Button>
          }
        >
          This browser has forgotten your conversations, but the server could not be told. Until it is, whoever opens
          Tandem here with a connection does so as you.
        </StatePanel>
      </Box>
    )
  }

  const [system] = systemPagesOf(user)

  return (
    <Box sx={{ height: '100dvh', display: 'flex', flexDirection: 'column', overflow: 'hidden' }}>
      <SkipLink />
      {/* A phone has no room to spare beside an open conversation. */}
      <AppHeader
        user={user}
        onSignOut={leave}
        hiddenOnPhones={pathname.startsWith('/chat/')}
        links={system && <SystemLink href={system.href} />}
      />
      <SecondFactorNotice open={user.needsSecondFactor === true && pathname !== '/account'} />
      <Box
        component="main"
        id={contentId}
        tabIndex={-1}
        sx={{ outline: 'none', flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' }}
      >
        {children}
      </Box>
    </Box>
  )
}
