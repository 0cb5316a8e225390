'use client'

import { ThemeProvider } from '@mui/material/styles'
import { AppRouterCacheProvider } from '@mui/material-nextjs/v16-appRouter'
import { type ReactNode, useEffect } from 'react'
import { AuthProvider } from '@/contexts/AuthProvider'
import { SocketProvider } from '@/contexts/SocketProvider'
import type { CurrentUser } from '@/contracts/users'
import { useAuth } from '@/hooks/useAuth'
import { theme } from '@/theme/theme'

interface Props {
  user: CurrentUser | null
  children: ReactNode
}

export function Providers({ user, children }: Props) {
  return (
    <AppRouterCacheProvider>
      <ThemeProvider theme={theme} defaultMode="system" disableTransitionOnChange>
        <AuthProvider user={user}>
          <SocketProvider>
            <StillSignedIn />
            {children}
          </SocketProvider>
        </AuthProvider>
      </ThemeProvider>
    </AppRouterCacheProvider>
  )
}

/** Sessions here live a quarter of an hour after the last request, and a page with a socket makes none. In milliseconds. */
const ASK_EVERY_MS = 5 * 60_000

/** Asks who this is, from time to time: prolongs the session, and hears of a sign-out elsewhere. */
function StillSignedIn() {
  const { user, refresh } = useAuth()
  const isSignedIn = user !== null
  useEffect(() => {
    if (!isSignedIn) return
    const timer = setInterval(() => void refresh(), ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [isSignedIn, refresh])
  return null
}
