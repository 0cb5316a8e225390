'use client'

import { type ReactNode, use, useEffect, useState } from 'react'
import type { TandemClient } from '@/client/TandemClient'
import { may, type Permission } from '@/contracts/permissions'
import { AuthContext } from './AuthContext'
import { createBrowserClient } from './browserClient'
import { SocketContext } from './SocketContext'

interface Props {
  children: ReactNode
  /** On the page that a browser keeps: nothing on it is from the server, so it shows what is kept until that has answered. */
  isShell?: boolean
  /** Makes the client of a person; it is started and stopped here. */
  createClient?: (userId: string, permissions: Permission[]) => TandemClient
}

/** What decides which parts of a client run; of the rest the components know. */
const shaping: readonly Permission[] = ['chat:read', 'notifications:read', 'presence:read']

/**
 * Keeps the signed-in person's client running while it is on the page: one for each account and what it may read, and none
 * when signed out.
 */
export function SocketProvider({ children, isShell = false, createClient = createBrowserClient }: Props) {
  const auth = use(AuthContext)
  if (auth === undefined) throw new Error('SocketProvider stands inside AuthProvider.')
  const { user, sessionEnded, permissionsUpdated, refresh } = auth
  const userId = user?.id
  const shape = shaping.filter((permission) => user && may(user, permission)).join(' ')
  const key = `${userId} ${shape}`
  const [running, setRunning] = useState<{ key: string; client: TandemClient } | null>(null)

  useEffect(() => {
    if (userId === undefined) return
    // Made here and not while rendering: a client is for one start and one stop, and effects may run twice.
    const permissions = shaping.filter((permission) => shape.split(' ').includes(permission))
    const client = createClient(userId, permissions)
    const offs = [
      client.signedOut.on(sessionEnded),
      client.permissionsUpdated.on(permissionsUpdated),
      client.refused.on(() => void refresh()),
    ]
    // Heard at every connect: what was kept of the person may be old, their name for one.
    if (isShell) offs.push(client.permissionsUpdated.on(() => void refresh()))
    client.start()
    setRunning({ key: `${userId} ${shape}`, client })
    const flush = () => client.notifications.flushRemovals()
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      for (const off of offs) off()
      client.stop()
      setRunning(null)
    }
  }, [userId, shape, isShell, createClient, sessionEnded, permissionsUpdated, refresh])

  // The page shows who signed in before the client of whoever was here is stopped.
  const client = user && running?.key === key ? running.client : undefined
  useEffect(() => {
    if (client && user) client.keepCopy(user, isShell)
  }, [client, user, isShell])
  return <SocketContext value={client ?? null}>{children}</SocketContext>
}
