import pTimeout from 'p-timeout'
import { AppError } from '@/contracts/errors'

/**
 * Rejects with TIMEOUT when the work is not done in `ms` milliseconds. The work itself goes on: a message that is stored
 * after its sender was told TIMEOUT is found again by its clientId when the sender retries.
 */
export function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  return pTimeout(work, {
    milliseconds: ms,
    fallback: () => {
      throw new AppError('TIMEOUT')
    },
  })
}
