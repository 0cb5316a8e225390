import { AppError } from '@/contracts/errors'

/**
 * Whether a page of this origin may talk to us. None is fine: no cookie counts here, only a bearer token, and browsers
 * send none on same-origin polling. `null` (sandboxed pages, files) and anything not listed is refused.
 */
export const isAllowedOrigin = (origin: string | undefined, allowed: readonly string[]): boolean =>
  origin === undefined || allowed.includes(origin)

/** The same for a request that changes something. Throws FORBIDDEN. */
export function requireAllowedOrigin(origin: string | undefined, allowed: readonly string[]): void {
  if (isAllowedOrigin(origin, allowed)) return
  throw new AppError('FORBIDDEN', {
    message: `Pages at ${origin} may not use this service. Its operator can add that address to ALLOWED_ORIGINS.`,
  })
}
