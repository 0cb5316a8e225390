import { AppError } from '@/contracts/errors'
import type { SessionUser } from '@/services/shared/SessionUser'

/** A payload may name its author, but only truly. @throws AppError FORBIDDEN */
export function actsForSelf(user: SessionUser, claimedId: string | undefined, field: string): void {
  if (claimedId !== undefined && claimedId !== user.id) {
    throw new AppError('FORBIDDEN', { message: `You can only act as yourself: ${field} must be your own id.` })
  }
}

/** One answer for a room that is not there and one that is somebody else's: neither tells which. */
export function roomNotFound(): AppError {
  return new AppError('NOT_FOUND', { message: 'This conversation does not exist, or you are not a member of it.' })
}
