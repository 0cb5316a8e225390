import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { peerAddressOf } from './peerAddress'
import { plainAddress, remoteAddressOf, requestAddress } from './remoteAddress'

/**
 * Whose request this is, for limits: an IPv4 address, or the /64 network of an IPv6 one, which is what one customer gets.
 * `trustedProxyHops` proxies have each added the address they were called from to `X-Forwarded-For`; what stands to the
 * left of theirs is the client's own invention. 0: the header counts for nothing.
 */
export const clientAddress = (request: Request, trustedProxyHops: number): string =>
  limited(requestAddress(request, trustedProxyHops), peerAddressOf(request))

/** The same of a request as Node gives it. */
export const messageAddress = (message: IncomingMessage, trustedProxyHops: number): string =>
  limited(remoteAddressOf(message, trustedProxyHops), message.socket.remoteAddress)

function limited(address: string | null, peer: string | undefined): string {
  // Should it ever be missing, everybody shares one limit: better than none.
  return limitedNetwork(address ?? '') ?? limitedNetwork(peer ?? '') ?? 'unknown'
}

/** The address as limits count it; undefined when it is none. Some proxies add a port to an IPv4 address. */
export function limitedNetwork(text: string): string | undefined {
  const plain = plainAddress(text)
  if (plain === null) return undefined
  const address = ipaddr.parse(plain)
  if (address instanceof ipaddr.IPv4) return address.toString()
  const network = address.parts.slice(0, 4).map((part) => part.toString(16))
  return `${network.join(':')}::/64`
}
