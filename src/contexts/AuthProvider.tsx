'use client'

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { forgetCopy } from '@/client/offline/forgetCopy'
import { forgetPush } from '@/client/push/forgetPush'
import { isSignedOut } from '@/client/runtime/errors'
import { createHttpClient } from '@/client/transport/HttpClient'
import { authCommands, type UserData } from '@/contracts/auth'
import type { CurrentUser } from '@/contracts/users'
import { type Auth, AuthContext } from './AuthContext'
import { createAccountChannel } from './accountChannel'

interface Props {
  /**
   * Who is signed in, as the server that rendered this page knows; undefined where it does not, and on the page that a browser
   * keeps for anybody.
   */
  user: CurrentUser | null | undefined
  children: ReactNode
}

const isSame = (one: Props['user'], other: Props['user']): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The same object while nothing about the person changed, so that nothing is drawn again. */
const newest = (before: CurrentUser, now: CurrentUser): CurrentUser => (isSame(before, now) ? before : now)

/** Whose conversations this browser has kept; null: nobody's. */
const readKept = async (): Promise<CurrentUser | null> => {
  const { readOwner } = await import('@/client/offline/database')
  return (await readOwner()) ?? null
}

/** A browser that does not answer for this long is treated as one that refuses. */
const STORAGE_TIMEOUT_MS = 5_000

const inTime = <Answer,>(answer: Promise<Answer>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The browser storage does not answer.')), STORAGE_TIMEOUT_MS)
    answer.then(resolve, reject)
  })

/** Who is signed in, and how that changes, here or in another tab. */
export function AuthProvider({ user: rendered, children }: Props) {
  const [user, setUser] = useState(rendered)
  const [lastRendered, setLastRendered] = useState(rendered)
  // A page that the server rendered later knows better, unless it says the same as before.
  if (!isSame(rendered, lastRendered)) {
    setLastRendered(rendered)
    if (rendered !== undefined) setUser(rendered)
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

  const isNobody = user === null
  useEffect(() => {
    // The client was stopped before this, so that nothing is written afterwards. Where it fails, the next page tries again;
    // and for whoever signs in next it is emptied in any case.
    if (isNobody) for (const forget of [forgetCopy, forgetPush]) forget().catch(() => undefined)
  }, [isNobody])

  const actions = useMemo((): Omit<Auth, 'user'> => {
    const http = createHttpClient()
    const enter = ({ user }: UserData) => {
      tellOthers.current(user.id)
      setUser(user)
    }
    return {
      async signIn(input) {
        const answer = await http.call(authCommands.login, input)
        if ('challenge' in answer) return answer.challenge
        enter(answer)
        return undefined
      },
      passSecondFactor: async (input) => enter(await http.call(authCommands.secondFactor, input)),
      enterDemo: async (input) => enter(await http.call(authCommands.demo, input)),
      register: async (input) => enter(await http.call(authCommands.register, input)),
      async signOut() {
        // First of all this page and the copy forget (above): a server that is not reached must not keep them.
        setUser(null)
        try {
          await http.call(authCommands.logout, undefined)
        } finally {
          tellOthers.current(null) // no tab goes on showing them, either way
        }
      },
      sessionEnded: () => setUser(null),
      permissionsUpdated: (permissions) => setUser((before) => before && newest(before, { ...before, permissions })),
      async resume() {
        try {
          const owner = await inTime(readKept())
          setUser((before) => (before === undefined ? owner : before))
          return owner !== null
        } catch {
          return false // whoever it is of: the next page looks again
        }
      },
      async refresh() {
        try {
          const { user } = await http.call(authCommands.session, undefined)
          setUser((before) => (before?.id === user.id ? newest(before, user) : null))
        } catch (error) {
          if (isSignedOut(error)) setUser(null)
        }
      },
      async recognise() {
        try {
          const { user } = await http.call(authCommands.session, undefined)
          setUser((before) => before ?? user)
        } catch (error) {
          if (isSignedOut(error)) setUser((before) => before ?? null)
        }
      },
    }
  }, [])

  const auth = useMemo(() => ({ user: user ?? null, ...actions }), [user, actions])
  return <AuthContext value={auth}>{children}</AuthContext>
}
