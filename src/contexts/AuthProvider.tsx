'use client'

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { z } from 'zod'
import { createHttpClient } from '@/client/transport/http'
import { UserData } from '@/contracts/auth'
import type { CurrentUser } from '@/contracts/users'
import { type Auth, AuthContext } from './AuthContext'
import { createAccountChannel } from './accountChannel'

interface Props {
  /** Who is signed in, as the server that rendered this page knows. */
  user: CurrentUser | null
  children: ReactNode
}

/** Who is signed in, and how that changes, here or in another tab. */
export function AuthProvider({ user: rendered, children }: Props) {
  const [user, setUser] = useState(rendered)
  const [lastRendered, setLastRendered] = useState(rendered)
  // A page that the server rendered later knows better, unless it says the same as before.
  if (rendered?.id !== lastRendered?.id) {
    setLastRendered(rendered)
    setUser(rendered)
  }

  const tellOthers = useRef<(userId: string | null) => void>(() => {})
  const shownId = user?.id ?? null
  useEffect(() => {
    const channel = createAccountChannel((userId) => {
      // Tabs share one cookie: whoever is shown here is not who the server would take this page for.
      if (userId !== shownId) setUser(null)
    })
    tellOthers.current = channel.post
    return channel.close
  }, [shownId])

  const actions = useMemo((): Omit<Auth, 'user'> => {
    const http = createHttpClient()
    const enter = async (path: string, body: unknown) => {
      const data = await http.request({ method: 'POST', path, body, schema: UserData })
      tellOthers.current(data.user.id)
      setUser(data.user)
    }
    return {
      signIn: (input) => enter('/api/auth/login', input),
      enterDemo: (input) => enter('/api/auth/demo', input),
      register: (input) => enter('/api/auth/register', input),
      async signOut() {
        await http.request({ method: 'POST', path: '/api/auth/logout', schema: z.undefined() })
        tellOthers.current(null)
        setUser(null)
      },
      sessionEnded: () => setUser(null),
    }
  }, [])

  const auth = useMemo(() => ({ user, ...actions }), [user, actions])
  return <AuthContext value={auth}>{children}</AuthContext>
}
