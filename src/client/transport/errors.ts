import { AppError, errorTable, WireError } from '@/contracts/errors'
import type { ConnectionProblem } from '../chat/view'

/** Nobody answered: no acknowledgement in time, or the connection went away. Whether it was done is not known. */
export class NoAnswer extends Error {
  constructor(
    readonly reason: 'timeout' | 'disconnected',
    options?: ErrorOptions,
  ) {
    super(reason === 'timeout' ? 'The server did not acknowledge in time.' : 'The connection is gone.', options)
    this.name = 'NoAnswer'
  }
}

/** What the server said no with; its wire form stays available as `cause`. */
export const errorFromWire = (wire: WireError): AppError =>
  new AppError(wire.code, {
    message: wire.message,
    cause: wire,
    ...(wire.issues === undefined ? {} : { issues: wire.issues }),
    ...(wire.retryAfterMs === undefined ? {} : { retryAfterMs: wire.retryAfterMs }),
  })

/** The wire form of anything thrown, to show and to store. What is not an answer of ours reads as UNAVAILABLE. */
export const wireFromError = (error: unknown): WireError => {
  if (!(error instanceof AppError)) {
    return new AppError('UNAVAILABLE', { message: 'The server cannot be reached right now.' }).toWire('')
  }
  const wire = WireError.safeParse(error.cause)
  return wire.success ? wire.data : error.toWire('')
}

export const isSignedOut = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'SESSION_EXPIRED')

/** Trying the same thing again cannot help. Without an answer (anything but an AppError) it can. */
export const isFinal = (error: unknown): error is AppError =>
  error instanceof AppError && !errorTable[error.code].retryable

/** Category and sentence for the person (requirements 001, stage 5). */
export const problemOf = (error: unknown): ConnectionProblem => {
  if (isSignedOut(error)) return { category: 'auth', message: error.message }
  if (error instanceof AppError) {
    return error.code === 'FORBIDDEN'
      ? { category: 'auth', message: 'This account may not use the live connection.' }
      : { category: 'server', message: error.message }
  }
  return { category: 'network', message: 'The live connection cannot be reached. Trying again.' }
}
