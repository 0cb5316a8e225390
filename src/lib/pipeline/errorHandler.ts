import { AppError, errorTable } from '@/contracts/errors'
import type { Logger } from '@/services/shared/Logger'

/**
 * Whatever was thrown, as the error a client may see. Anything but an AppError is a fault of ours: it becomes INTERNAL,
 * with the real one in the log only.
 */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('INTERNAL', { cause: error })
}

/** Logs at the level the error deserves: faults of ours as errors, the database's absence as a warning, the rest quietly. */
export function logFailure(logger: Logger, what: string, error: AppError, fields: Record<string, unknown>): void {
  const facts = { ...fields, code: error.code, ...(error.cause === undefined ? {} : { cause: error.cause }) }
  if (error.code === 'INTERNAL') logger.error(`${what} failed`, facts)
  // Its first refusal is logged where it is counted: a flood of them shall not flood the log.
  else if (errorTable[error.code].retryable && error.code !== 'RATE_LIMITED') logger.warn(`${what} failed`, facts)
  else logger.debug(`${what} was refused`, facts)
}
