import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import proxyAddr from 'proxy-addr'
import { peerAddressOf } from './peerAddress'

/**
 * Whose request this is, for limits: an IPv4 address, or the /64 network of an IPv6 one, which is what one customer gets.
 * `trustedProxyHops` proxies have each added the address they were called from to `X-Forwarded-For`; what stands to the
 * left of theirs is the client's own invention. 0: the header counts for nothing.
 */
export const clientAddress = (request: Request, trustedProxyHops: number): string =>
  addressBehind(peerAddressOf(request), request.headers.get('x-forwarded-for') ?? undefined, trustedProxyHops)

/** The same of a request as Node gives it. */
export const messageAddress = ({ socket, headers }: IncomingMessage, trustedProxyHops: number): string =>
  addressBehind(socket.remoteAddress, headers['x-forwarded-for']?.toString(), trustedProxyHops)

function addressBehind(peer: string | undefined, forwardedFor: string | undefined, trustedProxyHops: number): string {
  // Should it ever be missing, everybody shares one limit: better than none.
  if (peer === undefined) return 'unknown'
  const seen = { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwardedFor } }
  // proxy-addr reads nothing but these two.
  const address = proxyAddr(seen as unknown as IncomingMessage, (_address, hop) => hop < trustedProxyHops)
  return limitedNetwork(address) ?? limitedNetwork(peer) ?? 'unknown'
}

/** The address as limits count it; undefined when it is none. Some proxies add a port to an IPv4 address. */
export function limitedNetwork(text: string): string | undefined {
  const bare = text.replace(/^((?:\d+\.){3}\d+):\d+$/, '$1').replace(/^\[(.*)\](?::\d+)?$/, '$1')
  // ipaddr.js also takes numbers and short forms for IPv4 addresses; an address is written out.
  if (isIP(bare) === 0) return undefined
  // A zone says by which of its own interfaces a machine reaches the address.
  const address = ipaddr.process(bare.replace(/%.*$/, ''))
  if (address instanceof ipaddr.IPv4) return address.toString()
  const network = address.parts.slice(0, 4).map((part) => part.toString(16))
  return `${network.join(':')}::/64`
}
