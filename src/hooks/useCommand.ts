import { useCallback } from 'react'
import type { Command, CommandData, CommandInput } from '@/contracts/command'
import { running, useClient } from './useClient'

/** Sends a command whichever way works, and resolves to its data. @throws AppError when the server said no */
export type Call = <C extends Command>(command: C, input: CommandInput<C>) => Promise<CommandData<C>>

/** For what a page asks of the server once; what it shows and keeps current has a hook of its own. */
export const useCommand = (): Call => {
  const client = useClient()
  return useCallback(async (command, input) => running(client).transport.call(command, input), [client])
}
