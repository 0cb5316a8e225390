'use client'

import { type ReactNode, use, useEffect, useState } from 'react'
import type { TandemClient } from '@/client/TandemClient'
import { AuthContext } from './AuthContext'
import { createBrowserClient } from './browserClient'
import { SocketContext } from './SocketContext'

interface Props {
  children: ReactNode
  /** Makes the client of a person; it is started and stopped here. */
  createClient?: (userId: string) => TandemClient
}

/** Keeps the signed-in person's client running while it is on the page: one for each account, and none when signed out. */
export function SocketProvider({ children, createClient = createBrowserClient }: Props) {
  const auth = use(AuthContext)
  if (auth === undefined) throw new Error('SocketProvider stands inside AuthProvider.')
  const { user, sessionEnded } = auth
  const userId = user?.id
  const [client, setClient] = useState<TandemClient | null>(null)

  useEffect(() => {
    if (userId === undefined) return
    // Made here and not while rendering: a client is for one start and one stop, and effects may run twice.
    const started = createClient(userId)
    const off = started.signedOut.on(sessionEnded)
    started.start()
    setClient(started)
    const flush = () => started.notifications.flushRemovals()
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      off()
      started.stop()
      setClient(null)
    }
  }, [userId, createClient, sessionEnded])

  return <SocketContext value={client}>{children}</SocketContext>
}
