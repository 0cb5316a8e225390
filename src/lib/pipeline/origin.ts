import { isIP } from 'node:net'
import { AppError } from '@/contracts/errors'

/**
 * Whether a page of this origin may talk to us. None is fine: no cookie counts here, only a bearer token, and browsers
 * send none on same-origin polling. `null` (sandboxed pages, files) and anything else is refused.
 *
 * @param host - the request's Host header, where the server's own address is allowed as well.
 */
export const isAllowedOrigin = (origin: string | undefined, allowed: readonly string[], host?: string): boolean =>
  origin === undefined || allowed.includes(origin) || (host !== undefined && isOwnOrigin(origin, host))

/** The same for a request that changes something. Throws FORBIDDEN. */
export function requireAllowedOrigin(origin: string | undefined, allowed: readonly string[], host?: string): void {
  if (isAllowedOrigin(origin, allowed, host)) return
  throw new AppError('FORBIDDEN', {
    message: `Pages at ${origin} may not use this service. Its operator can add that address to ALLOWED_ORIGINS.`,
  })
}

/**
 * Whether `origin` is the address we were asked by; some clients that are no browsers (Python's websocket-client) send
 * it. Only where that is an IP address or localhost: a name proves nothing, since a foreign page can let its own name
 * point to our address (DNS rebinding) and would then have the same Origin as Host. Names have to be configured.
 */
function isOwnOrigin(origin: string, host: string): boolean {
  return ['http', 'https'].some((scheme) => {
    const address = `${scheme}://${host}`
    if (!URL.canParse(address)) return false
    const own = new URL(address)
    return own.origin === origin && (own.hostname === 'localhost' || isIP(own.hostname.replace(/^\[|\]$/g, '')) !== 0)
  })
}
