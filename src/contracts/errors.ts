import * as z from 'zod/mini'
import { limits } from './limits'

/**
 * The one table of errors: every code a client can meet, with its HTTP status, whether trying the same thing again can
 * help, and the sentence a person reads when nothing more precise is known.
 */
export const errorTable = {
  BAD_REQUEST: { status: 400, retryable: false, message: 'Something in this request is not right.' },
  UNAUTHENTICATED: { status: 401, retryable: false, message: 'Please sign in.' },
  SESSION_EXPIRED: { status: 401, retryable: false, message: 'Your session has ended. Please sign in again.' },
  FORBIDDEN: { status: 403, retryable: false, message: 'You are not allowed to do this.' },
  NOT_FOUND: { status: 404, retryable: false, message: 'This does not exist, or it is not yours.' },
  CONFLICT: { status: 409, retryable: false, message: 'This was already done with other content.' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, message: 'This is too large: 64 KB is the most.' },
  RATE_LIMITED: { status: 429, retryable: true, message: 'Too many at once. Please wait a moment.' },
  INTERNAL: { status: 500, retryable: true, message: 'Something went wrong on our side. Please try again.' },
  UNAVAILABLE: { status: 503, retryable: true, message: 'The service cannot do this right now. Please try again.' },
  OVERLOADED: { status: 503, retryable: true, message: 'The service is very busy. Please try again.' },
  TIMEOUT: { status: 504, retryable: true, message: 'This took too long. Please try again.' },
} as const

export type ErrorCode = keyof typeof errorTable

const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]] // Object.keys forgets the literal names

/** One bad field: where it is (`rooms.0.name`; empty for the whole input) and what to do about it. */
export const Issue = z.object({ path: z.string(), message: z.string() })
export type Issue = z.infer<typeof Issue>

/** An error as it crosses the wire, on either transport and as the `data` of a `connect_error`. */
export const WireError = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.optional(z.int().check(z.nonnegative())),
  correlationId: z.string(),
  issues: z.optional(z.array(Issue)),
})
export type WireError = z.infer<typeof WireError>

/** How every socket command is acknowledged. */
export type Reply<T> = { ok: true; data: T } | { ok: false; error: WireError }

/** What an error says beside its code. */
export interface AppErrorOptions {
  /** Replaces the table's sentence; written for the person who reads it. */
  message?: string
  /** Of many, the answer lists the first ten. */
  issues?: Issue[]
  retryAfterMs?: number
  /** What went wrong underneath: logged, never sent. */
  cause?: unknown
}

/** The only error that services and the pipelines throw on purpose; anything else becomes INTERNAL at the edge. */
export class AppError extends Error {
  /** Next holds several copies of one module in a process (pages, routes): an error of any of them is one. */
  static override [Symbol.hasInstance](value: unknown): value is AppError {
    return value instanceof Error && value.name === 'AppError'
  }

  readonly code: ErrorCode
  readonly issues: Issue[] | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(
      options.message ?? errorTable[code].message,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.name = 'AppError'
    this.code = code
    this.issues = options.issues
    this.retryAfterMs = options.retryAfterMs
  }

  toWire(correlationId: string): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: errorTable[this.code].retryable,
      correlationId,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...(this.issues === undefined ? {} : { issues: this.issues.slice(0, limits.issues) }),
    }
  }
}
