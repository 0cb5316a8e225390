import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import proxyAddr from 'proxy-addr'
import { peerAddressOf } from './peerAddress'

/**
 * The address a request comes from, in full: for allow-lists and the audit log. `trustedProxyHops` proxies have each added
 * the address they were called from to `X-Forwarded-For`; what stands to the left of theirs is the client's own invention.
 * Null: unknown, which is on no list.
 */
function addressBehind(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxyHops: number,
): string | null {
  if (peer === undefined) return null
  const seen = { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwardedFor } }
  // proxy-addr reads nothing but these two.
  return plainAddress(proxyAddr(seen as unknown as IncomingMessage, (_address, hop) => hop < trustedProxyHops))
}

/** Of a request as Next gives it. */
export const requestAddress = (request: { headers: Pick<Headers, 'get'> }, trustedProxyHops: number): string | null =>
  addressBehind(peerAddressOf(request), request.headers.get('x-forwarded-for') ?? undefined, trustedProxyHops)

/** Of a request as Node gives it. */
export const remoteAddressOf = ({ socket, headers }: IncomingMessage, trustedProxyHops: number): string | null =>
  addressBehind(socket.remoteAddress, headers['x-forwarded-for']?.toString(), trustedProxyHops)

/** An address as people write it; null when it is none. Some proxies add a port. A mapped IPv4 address is that address. */
export function plainAddress(text: string): string | null {
  const bare = text.replace(/^((?:\d+\.){3}\d+):\d+$/, '$1').replace(/^\[(.*)\](?::\d+)?$/, '$1')
  // ipaddr.js also takes numbers and short forms for IPv4 addresses; an address is written out.
  if (isIP(bare) === 0) return null
  // A zone says by which of its own interfaces a machine reaches the address.
  return ipaddr.process(bare.replace(/%.*$/, '')).toString()
}
