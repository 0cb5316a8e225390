'use client'

import Box from '@mui/material/Box'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef } from 'react'
import { useAuth } from '@/hooks/useAuth'
import { AppHeader } from './AppHeader'
import { SecondFactorNotice } from './SecondFactorNotice'
import { contentId, SkipLink } from './SkipLink'
import { SystemLink } from './SystemLink'
import { systemPagesOf } from './systemPages'

/** What every signed-in page stands in: header above, the page below, exactly as high as the window. */
export function AppShell({ children }: { children: ReactNode }) {
  const { user, signOut } = useAuth()
  const router = useRouter()
  const pathname = usePathname()
  const leaving = useRef(false)

  useEffect(() => {
    // The session ended elsewhere: sign in again and come back to the same place.
    if (!user && !leaving.current) router.replace(`/login?next=${encodeURIComponent(pathname)}`)
  }, [user, pathname, router])

  if (!user) return null

  const [system] = systemPagesOf(user)

  const leave = async () => {
    leaving.current = true
    try {
      await signOut()
      router.replace('/')
    } catch {
      leaving.current = false
    }
  }

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
