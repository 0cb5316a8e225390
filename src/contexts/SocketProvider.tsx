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
  const [running, setRunning] = useState<{ userId: string; client: TandemClient } | null>(null)

  useEffect(() => {
    if (userId === undefined) return
    // Made here and not while rendering: a client is for one start and one stop, and effects may run twice.
    const client = createClient(userId)
    const off = client.signedOut.on(sessionEnded)
    client.start()
    setRunning({ userId, client })
    const flush = () => client.notifications.flushRemovals()
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      off()
      client.stop()
      setRunning(null)
    }
  }, [userId, createClient, sessionEnded])

  // The page shows who signed in before the client of whoever was here is stopped.
  const client = running?.userId === userId ? running?.client : undefined
  return <SocketContext value={client ?? null}>{children}</SocketContext>
}
