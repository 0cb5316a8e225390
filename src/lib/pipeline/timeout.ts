import { AppError } from '@/contracts/errors'

/**
 * Rejects with TIMEOUT when the work is not done in `ms` milliseconds. The work itself goes on: a message that is stored
 * after its sender was told TIMEOUT is found again by its clientId when the sender retries.
 */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  // Not p-timeout, as elsewhere: each command comes through here, and it notes a stack for every call, needed or not.
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('TIMEOUT')), ms)
  })
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}
