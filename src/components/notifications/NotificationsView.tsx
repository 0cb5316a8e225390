'use client'

import Box from '@mui/material/Box'
import { useBell } from '@/hooks/useBell'
import { useMay } from '@/hooks/useMay'
import { Closed } from '../ui/Closed'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { NotificationPanel } from './NotificationPanel'

/** The page: the same list as in the bell, with room for every message in full. */
export function NotificationsView() {
  const bell = useBell()
  useDocumentTitle('Notifications')
  const isOpen = useMay('notifications:read')
  if (!isOpen) return <Closed title="Notifications are closed to you" permission="notifications:read" />

  return (
    <Box sx={{ flex: 1, minHeight: 0, display: 'flex', justifyContent: 'center', bgcolor: 'background.default' }}>
      <Box
        sx={{
          width: '100%',
          maxWidth: 760,
          minHeight: 0,
          display: 'flex',
          flexDirection: 'column',
          bgcolor: 'background.paper',
          borderInline: { md: '1px solid' },
          borderColor: { md: 'divider' },
        }}
      >
        <NotificationPanel bell={bell} heading="h1" />
      </Box>
    </Box>
  )
}
