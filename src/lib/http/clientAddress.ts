import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'
import { peerAddressOf } from './peerAddress'

/**
 * Whose request this is, for limits: an IPv4 address, or the /64 network of an IPv6 one, which is what one customer gets.
 * `trustedProxyHops` proxies have each added the address they were called from to `X-Forwarded-For`; what stands to the
 * left of theirs is the client's own invention. 0: the header counts for nothing.
 */
export function clientAddress(request: Request, trustedProxyHops: number): string {
  const peer = peerAddressOf(request)
  // Should it ever be missing, everybody shares one limit: better than none.
  if (peer === undefined) return 'unknown'
  const seen = {
    socket: { remoteAddress: peer },
    headers: { 'x-forwarded-for': request.headers.get('x-forwarded-for') ?? undefined },
  }
  // proxy-addr reads nothing but these two.
  const address = proxyAddr(seen as unknown as IncomingMessage, (_address, hop) => hop < trustedProxyHops)
  return limitedNetwork(address) ?? limitedNetwork(peer) ?? 'unknown'
}

/** The address as limits count it; undefined when it is none. Some proxies add a port to an IPv4 address. */
export function limitedNetwork(text: string): string | undefined {
  const address = text.replace(/^((?:\d+\.){3}\d+):\d+$/, '$1').replace(/^\[(.*)\](?::\d+)?$/, '$1')
  if (isIP(address) === 4) return address
  if (isIP(address) !== 6) return undefined
  const groups = groupsOf(address)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes every form of an address as hexadecimal groups with one "::" at most; it knows no zones.
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1).split('::')
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return numbers(head)
  const [left, right] = [numbers(head), numbers(tail)]
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}
