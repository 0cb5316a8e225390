import ipaddr from 'ipaddr.js'

/** A range of addresses. */
export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number]

/** From where each door may be used; empty: from everywhere. */
export interface AllowLists {
  /** Everything of admins: pages and API of the system, `/admin` on Socket.IO and over REST. */
  admin: readonly Network[]
  /** What takes the key of a service. */
  service: readonly Network[]
  /** Prometheus's figures, on both ports. */
  metrics: readonly Network[]
}

/** `10.0.0.0/8`, `2001:db8::/32` or one address; undefined when it is none of these. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined
  const full = ipaddr.parse(address)
  const length = full instanceof ipaddr.IPv4 ? 32 : 128
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined
  const prefix = bits === undefined ? length : Number(bits)
  if (prefix > length) return undefined
  // Callers by a mapped address are compared as what they are.
  if (full instanceof ipaddr.IPv6 && full.isIPv4MappedAddress() && prefix >= 96)
    return [full.toIPv4Address(), prefix - 96]
  return [full, prefix]
}

/** Whether this address is on the list; on an empty one is everybody, on any other nobody whose address is unknown. */
export function isListed(networks: readonly Network[], address: string | null): boolean {
  if (networks.length === 0) return true
  if (address === null || !ipaddr.isValid(address)) return false
  const given = ipaddr.process(address)
  return networks.some(([network, bits]) => given.kind() === network.kind() && given.match(network, bits))
}
