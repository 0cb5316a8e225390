import { type AppError, errorTable, type WireError } from '@/contracts/errors'
import { newCorrelationId } from '@/lib/logger/correlation'

/** An error as every route of ours answers it: its status, `{ error }`, and when to come back. */
export function errorResponse(error: WireError, headers = new Headers()): Response {
  if (error.retryAfterMs !== undefined) headers.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)))
  return Response.json({ error }, { status: errorTable[error.code].status, headers })
}

/** The same for an error that happened outside of a command. */
export const refusal = (error: AppError): Response => errorResponse(error.toWire(newCorrelationId()))
