'use client'

import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { createClientId } from '@/client/outbox/clientId'
import { noChannel } from '@/client/outbox/tabChannel'
import { systemClock } from '@/client/runtime/clock'
import { EventEmitter } from '@/client/runtime/EventEmitter'
import { createLocalText } from '@/client/runtime/localText'
import { TandemClient } from '@/client/TandemClient'
import { type Auth, AuthContext } from '@/contexts/AuthContext'
import { SocketContext } from '@/contexts/SocketContext'
import type { CurrentUser } from '@/contracts/users'
import { quietAnswers } from '../fixtures/quiet'
import { type Answers, type Network, PlayedServer } from './PlayedServer'

/** What an example is played with. */
export interface Scene {
  /** Beside those of a person to whom nothing has happened yet. */
  answers?: Answers
  /** `live` unless said. */
  network?: Network
  /** Done once it has started: what was sent, what has arrived, what broke. */
  play?: (client: TandemClient, server: PlayedServer) => void | Promise<void>
}

interface Props extends Scene {
  /** Names the person: each example has its own, and what they wrote. */
  id: string
  me: CurrentUser | null
  children: ReactNode
}

const nobodyThere = () => Promise.reject(new Error('Nobody signs in or out here.'))

/** A page of its own inside the page: the same providers, around a client that a played server answers. */
export function Stage({ id, me, children, answers, network = 'live', play }: Props) {
  const userId = `design-${id}`
  const [client, setClient] = useState<TandemClient | null>(null)
  const auth = useMemo(
    (): Auth => ({
      user: me && { ...me, id: userId },
      signIn: nobodyThere,
      passSecondFactor: nobodyThere,
      enterDemo: nobodyThere,
      register: nobodyThere,
      signOut: nobodyThere,
      sessionEnded: () => {},
      permissionsUpdated: () => {},
      refresh: async () => {},
      resume: async () => false,
      recognise: async () => {},
    }),
    [me, userId],
  )

  useEffect(() => {
    if (!me) return
    const server = new PlayedServer(userId, { ...quietAnswers, ...answers }, network)
    const changed = new EventEmitter()
    const made = new TandemClient({
      userId,
      permissions: me.permissions,
      http: server.http,
      clock: systemClock,
      random: () => 0.05, // short waits
      log: { warn() {}, error() {} },
      page: { isVisible: () => true, isOnline: () => server.isOnline, onWake: () => () => {}, onChange: changed.on },
      createManager: server.createManager,
      createClientId: () => createClientId(crypto),
      localText: createLocalText(() => undefined),
      locks: undefined,
      channel: noChannel,
    })
    let isLeft = false
    const start = async () => {
      await forgetOutbox(userId) // what the last visit left
      if (isLeft) return
      made.start()
      setClient(made)
      await play?.(made, server)
      changed.emit()
    }
    void start()
    return () => {
      isLeft = true
      made.stop()
      setClient(null)
    }
  }, [me, userId, answers, network, play])

  return (
    <AuthContext value={auth}>
      <SocketContext value={client}>{children}</SocketContext>
    </AuthContext>
  )
}

function forgetOutbox(userId: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return Promise.resolve()
  return new Promise((resolve) => {
    const deleting = indexedDB.deleteDatabase(`tandem-outbox-${userId}`)
    deleting.onsuccess = deleting.onerror = deleting.onblocked = () => resolve()
  })
}
