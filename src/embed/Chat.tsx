'use client'

import ScopedCssBaseline from '@mui/material/ScopedCssBaseline'
import { ChatPanes } from '@/components/chat/ChatPanes'
import { useAuth } from '@/hooks/useAuth'

interface Props {
  /** Of CSS; default: the window's. */
  height?: string
}

/** Conversations and the open one. Its page is at `/chat` and all below it. */
export function Chat({ height = '100dvh' }: Props) {
  const { user } = useAuth()
  if (!user) return null
  return (
    <ScopedCssBaseline enableColorScheme sx={{ height, display: 'flex', flexDirection: 'column', overflow: 'hidden' }}>
      <ChatPanes given={{ userId: user.id, rooms: undefined }} />
    </ScopedCssBaseline>
  )
}
