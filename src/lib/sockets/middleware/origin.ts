/**
 * Whether a page of this origin may talk to us. None is fine: no cookie counts here, only a bearer token, and browsers
 * send none on same-origin polling. `null` (sandboxed pages, files) and anything not listed is refused.
 */
export const isAllowedOrigin = (origin: string | undefined, allowed: readonly string[]): boolean =>
  origin === undefined || allowed.includes(origin)
