'use client'

import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import { usePersonPresence } from '@/hooks/usePresence'
import { VisuallyHidden } from '../ui/VisuallyHidden'

interface Props {
  /** Undefined while it is not known who it is: then nothing is shown. */
  userId: string | undefined
  /** The avatar that the dot sits on. */
  children: ReactNode
}

/** Puts a dot on an avatar: filled while the person is here, hollow while away, none else. */
export function PresenceDot({ userId, children }: Props) {
  const presence = usePersonPresence(userId)
  const online = presence?.isOnline === true
  const away = online && presence.away === true

  return (
    <Box component="span" sx={{ position: 'relative', display: 'inline-flex', flex: 'none' }}>
      {children}
      {online && (
        <Box
          component="span"
          data-presence={away ? 'away' : 'online'}
          sx={{
            position: 'absolute',
            right: 0,
            bottom: 0,
            width: 12,
            height: 12,
            borderRadius: '50%',
            border: '2px solid',
            borderColor: 'background.paper',
            bgcolor: away ? 'background.paper' : 'success.main',
            // A ring instead of a disc, so that it is not told apart by colour alone.
            boxShadow: away ? 'inset 0 0 0 2.5px var(--mui-palette-secondary-main)' : 'none',
          }}
        />
      )}
      {online && <VisuallyHidden>{away ? 'Away. ' : 'Online. '}</VisuallyHidden>}
    </Box>
  )
}
