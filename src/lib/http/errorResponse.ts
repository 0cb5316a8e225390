import { type AppError, errorTable, type WireError } from '@/contracts/errors'
import { newCorrelationId } from '@/lib/logger/correlation'
import { retryAfterHeader } from './rateLimitHeaders'
import { apiHeaders } from './securityHeaders'

/** An error as every route of ours answers it: its status, `{ error }`, and when to come back. */
export function errorResponse(error: WireError, headers = new Headers()): Response {
  for (const [name, value] of retryAfterHeader(error)) headers.set(name, value)
  return Response.json({ error }, { status: errorTable[error.code].status, headers })
}

/** The same for an error that happened outside of a command. */
export const refusal = (error: AppError): Response =>
  errorResponse(error.toWire(newCorrelationId()), new Headers(apiHeaders))
