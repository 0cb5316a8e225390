import '@fontsource-variable/inter'
import InitColorSchemeScript from '@mui/material/InitColorSchemeScript'
import { AppRouterCacheProvider } from '@mui/material-nextjs/v16-appRouter'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { AuthProvider } from '@/contexts/AuthProvider'
import { currentUser } from '@/server/web/currentUser'
import { NONCE_HEADER, SHELL_HEADER } from '@/server/web/pageHeaders'
import { ThemeRegistry } from '@/theme/ThemeRegistry'

export const metadata: Metadata = {
  title: { default: 'Tandem', template: '%s · Tandem' },
  description: 'Self-hosted realtime chat in which nothing that was sent is lost, doubled or out of order.',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  // With the keyboard open the composer stays in sight.
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f7f5' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1412' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const given = await headers()
  const nonce = given.get(NONCE_HEADER) ?? ''
  const user = given.has(SHELL_HEADER) ? undefined : await currentUser()
  return (
    // The script below sets the colour scheme's attribute before React arrives.
    <html lang="en" suppressHydrationWarning>
      <body>
        <InitColorSchemeScript attribute="data" defaultMode="system" nonce={nonce} />
        <AppRouterCacheProvider options={{ nonce }}>
          <ThemeRegistry>
            <AuthProvider user={user}>{children}</AuthProvider>
          </ThemeRegistry>
        </AppRouterCacheProvider>
      </body>
    </html>
  )
}
