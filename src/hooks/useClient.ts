import { use } from 'react'
import type { ChatClient } from '@/client/chat/ChatClient'
import { SocketContext } from '@/contexts/SocketContext'
import { AppError } from '@/contracts/errors'

/** The running client; null until the page has started it. */
export const useClient = (): ChatClient | null => {
  const client = use(SocketContext)
  if (client === undefined) throw new Error('This hook stands inside SocketProvider.')
  return client
}

/** For actions: a page that has just been opened cannot do anything yet. */
export const running = (client: ChatClient | null): ChatClient => {
  if (client === null) throw new AppError('UNAVAILABLE', { message: 'The page is still starting. Please try again.' })
  return client
}

/** For useSyncExternalStore while there is no client. */
export const subscribeToNothing = () => () => {}
