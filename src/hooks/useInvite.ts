import { useCallback } from 'react'
import { accountCommands } from '@/contracts/account'
import { useCommand } from './useCommand'

/** Makes a link with which one person can register. `email`: only with this address; blank: whoever has it. */
export function useInvite() {
  const call = useCommand()
  return useCallback(
    (email: string) => call(accountCommands.createInvite, email.trim() === '' ? {} : { email }),
    [call],
  )
}
