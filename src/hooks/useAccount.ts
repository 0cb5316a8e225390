import { useCallback, useEffect, useState } from 'react'
import { type AccountData, accountCommands, type OwnSession } from '@/contracts/account'
import { sentenceOf } from './sentenceOf'
import { useAuth } from './useAuth'
import { useClient } from './useClient'
import { useCommand } from './useCommand'

/** What there is to sign in with, and the browsers where one is signed in. */
export interface OwnAccount extends AccountData {
  sessions: OwnSession[]
}

/** One's own account as the server has it: null until it has answered. `reload` after a change. */
export function useAccount() {
  const client = useClient()
  const call = useCommand()
  const { refresh } = useAuth()
  const [account, setAccount] = useState<OwnAccount | null>(null)
  const [problem, setProblem] = useState<string>()

  const reload = useCallback(async () => {
    try {
      const [data, { sessions }] = await Promise.all([
        call(accountCommands.readAccount, undefined),
        call(accountCommands.listSessions, undefined),
        // What a session may do can change with it.
        refresh(),
      ])
      setAccount({ ...data, sessions })
      setProblem(undefined)
    } catch (error) {
      setProblem(sentenceOf(error))
    }
  }, [call, refresh])

  useEffect(() => {
    if (client !== null) void reload()
  }, [client, reload])

  return { account, problem, reload, call }
}
