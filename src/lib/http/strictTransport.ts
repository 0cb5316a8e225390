import type { IncomingMessage, ServerResponse } from 'node:http'

/** A browser that has been here by https comes by nothing else for a year. */
const STRICT_TRANSPORT_SECURITY = 'max-age=31536000; includeSubDomains'

/** To be called before anything is written; over plain http browsers ignore it. */
export const sendStrictTransport = (response: Pick<ServerResponse, 'setHeader'>): void =>
  void response.setHeader('Strict-Transport-Security', STRICT_TRANSPORT_SECURITY)

/**
 * Whether the browser came by https, as the outermost of our own proxies says. Each has replaced the header or added its own
 * word to it, as with `X-Forwarded-For`; without proxies of ours nobody is believed.
 */
export function isForwardedHttps({ headers }: Pick<IncomingMessage, 'headers'>, trustedProxyHops: number): boolean {
  const words = headers['x-forwarded-proto']?.toString().split(',') ?? []
  return (
    trustedProxyHops > 0 &&
    words
      .at(Math.max(words.length - trustedProxyHops, 0))
      ?.trim()
      .toLowerCase() === 'https'
  )
}
