import { use } from 'react'
import type { TandemClient } from '@/client/TandemClient'
import { SocketContext } from '@/contexts/SocketContext'
import { AppError } from '@/contracts/errors'

/** The running client; null until the page has started it. */
export const useClient = (): TandemClient | null => {
  const client = use(SocketContext)
  if (client === undefined) throw new Error('This hook stands inside SocketProvider.')
  return client
}

/** For actions: a page that has just been opened cannot do anything yet. @throws AppError UNAVAILABLE */
export const running = (client: TandemClient | null): TandemClient => {
  if (client === null) throw new AppError('UNAVAILABLE', { message: 'The page is still starting. Please try again.' })
  return client
}
