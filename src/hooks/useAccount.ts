import { useCallback, useEffect, useState } from 'react'
import { type AccountData, accountCommands, type OwnSession } from '@/contracts/account'
import { authCommands } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'
import { useAuth } from './useAuth'
import { useClient } from './useClient'
import { useCommand } from './useCommand'

export interface OwnAccount extends AccountData {
  sessions: OwnSession[]
}

/** One's own account as the server has it: null until it has answered. `reload` after a change. */
export function useAccount() {
  const client = useClient()
  const call = useCommand()
  const { updated } = useAuth()
  const [account, setAccount] = useState<OwnAccount | null>(null)
  const [problem, setProblem] = useState<string>()

  const reload = useCallback(async () => {
    try {
      const [data, { sessions }, { user }] = await Promise.all([
        call(accountCommands.readAccount, undefined),
        call(accountCommands.listSessions, undefined),
        call(authCommands.session, undefined),
      ])
      setAccount({ ...data, sessions })
      setProblem(undefined)
      updated(user)
    } catch (error) {
      setProblem(error instanceof AppError ? error.message : 'The server could not be reached.')
    }
  }, [call, updated])

  useEffect(() => {
    if (client !== null) void reload()
  }, [client, reload])

  return { account, problem, reload, call }
}
