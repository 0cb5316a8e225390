import { AppError } from '@/contracts/errors'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { Barred } from './ports'

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

/** Whoever was blocked learns no more than that they cannot write. */
export function mayNotWrite(barred: Barred): AppError {
  const message =
    barred === 'blocking'
      ? 'You have blocked this person. Unblock them to write to each other.'
      : "You can't write in this conversation."
  return new AppError('FORBIDDEN', { message })
}
