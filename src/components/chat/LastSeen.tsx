'use client'

import Typography from '@mui/material/Typography'
import { usePersonPresence } from '@/hooks/usePresence'
import { formatAgo } from '../ui/relativeTime'
import { useNow } from '../ui/useNow'

/** "Online", "Away" or "Last seen 5 minutes ago"; nothing while it is not known. */
export function LastSeen({ userId }: { userId: string }) {
  const presence = usePersonPresence(userId)
  const now = useNow()
  if (!presence) return null
  const text = presence.isOnline
    ? presence.away
      ? 'Away'
      : 'Online'
    : `Last seen ${formatAgo(new Date(presence.lastSeen), now)}`

  return (
    <Typography variant="body2" noWrap sx={{ color: 'text.secondary' }}>
      {text}
    </Typography>
  )
}
