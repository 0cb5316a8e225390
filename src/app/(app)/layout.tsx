import type { ReactNode } from 'react'
import { AppShell } from '@/components/ui/AppShell'
import { SocketProvider } from '@/contexts/SocketProvider'
import { currentUser } from '@/server/web/currentUser'

/** Every page in here is for people who are signed in; each page itself sends others away, as only it knows its address. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  if (!(await currentUser())) return children
  return (
    <SocketProvider>
      <AppShell>{children}</AppShell>
    </SocketProvider>
  )
}
