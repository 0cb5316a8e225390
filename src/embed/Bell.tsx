'use client'

import { NotificationBell } from '@/components/notifications/NotificationBell'
import { ConnectionIndicator } from '@/components/ui/ConnectionIndicator'
import { useAuth } from '@/hooks/useAuth'
import { useMay } from '@/hooks/useMay'

/** How the connection is, and the bell with its list; nothing for who is not signed in. */
export function Bell() {
  const { user } = useAuth()
  const hasBell = useMay('notifications:read')
  if (!user) return null
  return (
    <>
      <ConnectionIndicator />
      {hasBell && <NotificationBell />}
    </>
  )
}
