'use client'

import { ThemeProvider } from '@mui/material/styles'
import { AppRouterCacheProvider } from '@mui/material-nextjs/v16-appRouter'
import type { ReactNode } from 'react'
import { AuthProvider } from '@/contexts/AuthProvider'
import { SocketProvider } from '@/contexts/SocketProvider'
import type { CurrentUser } from '@/contracts/users'
import { theme } from '@/theme/theme'
import { StillSignedIn } from './StillSignedIn'

interface Props {
  /** Undefined: the server could not find out. */
  user: CurrentUser | null | undefined
  children: ReactNode
}

export function Providers({ user, children }: Props) {
  return (
    <AppRouterCacheProvider>
      <ThemeProvider theme={theme} defaultMode="system" disableTransitionOnChange>
        <AuthProvider user={user}>
          <SocketProvider>
            <StillSignedIn isUnknown={user === undefined} />
            {children}
          </SocketProvider>
        </AuthProvider>
      </ThemeProvider>
    </AppRouterCacheProvider>
  )
}
