'use client'

import ScopedCssBaseline from '@mui/material/ScopedCssBaseline'
import { NotificationsView } from '@/components/notifications/NotificationsView'
import { useAuth } from '@/hooks/useAuth'

interface Props {
  /** Of CSS; default: the window's. */
  height?: string
}

/** All notifications of this person. Its page is at `/notifications`, where the bell's list leads. */
export function Notifications({ height = '100dvh' }: Props) {
  const { user } = useAuth()
  if (!user) return null
  return (
    <ScopedCssBaseline enableColorScheme sx={{ height, display: 'flex', flexDirection: 'column', overflow: 'hidden' }}>
      <NotificationsView />
    </ScopedCssBaseline>
  )
}
