import { AppError, errorTable, WireError } from '@/contracts/errors'

/**
 * Nobody answered. Whether it was done is not known.
 * - `timeout`: no acknowledgement in time, and nothing else came over the connection meanwhile
 * - `late`: no acknowledgement in time, though other things came: a narrow line, or a busy server
 * - `disconnected`: there is no connection, or it went away
 */
export class NoAnswer extends Error {
  constructor(
    readonly reason: 'timeout' | 'late' | 'disconnected',
    options?: ErrorOptions,
  ) {
    super(reason === 'disconnected' ? 'The connection is gone.' : 'The server did not acknowledge in time.', options)
    this.name = 'NoAnswer'
  }
}

/** The server was not reached, or something else answered in its place. Whether the request was carried out is unknown. */
export class NetworkError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NetworkError'
  }
}

/** The cookie belongs to somebody else by now: another tab signed in with another account. */
export class AccountChanged extends Error {
  constructor() {
    super('Another account is signed in.')
    this.name = 'AccountChanged'
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

/** The session is over: nothing works until one signs in again. */
export const isSignedOut = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'SESSION_EXPIRED')

/** Trying the same thing again cannot help. Without an answer (anything but an AppError) it can. */
export const isFinal = (error: unknown): error is AppError =>
  error instanceof AppError && !errorTable[error.code].retryable

/** When the attempt may be repeated; undefined for anything but a refusal by a limit that says so. */
export const limitedForMs = (error: unknown): number | undefined =>
  error instanceof AppError && error.code === 'RATE_LIMITED' ? error.retryAfterMs : undefined
