import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface AddressRules {
  /** Addresses of private networks may be reached: for development. */
  allowPrivate: boolean
  /** Plain http is refused. */
  httpsOnly: boolean
}

/** Of push services: their makers' have https; one of a developer's own machine has not. */
export const pushAddresses = ({ webhooksAllowPrivate }: { webhooksAllowPrivate: boolean }): AddressRules => ({
  allowPrivate: webhooksAllowPrivate,
  httpsOnly: !webhooksAllowPrivate,
})

/** Where IPv6 addresses of the internet are: all of them, for now. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address is of the internet: not of a private network, this machine, a link (cloud metadata), or one that stands
 * for another address, as mapped and translated ones do.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const given = ipaddr.process(address)
  if (given.range() !== 'unicast') return false
  return given instanceof ipaddr.IPv4 || given.match(GLOBAL_IPV6)
}

/** Without the brackets of IPv6, or the dot that a name may end with. */
export const hostOf = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')

export const privateRefusal = (host: string): string =>
  `${host} is, or leads to, an address of a private network, which is never told. In development WEBHOOKS_ALLOW_PRIVATE=true allows it.`

/** Why nothing is ever sent to this address; null: it may be. What a name leads to is looked at when something is sent. */
export function refusalOf(text: string, { allowPrivate, httpsOnly }: AddressRules): string | null {
  if (!URL.canParse(text)) return 'This is no address.'
  const url = new URL(text)
  if (httpsOnly && url.protocol !== 'https:') return 'Only addresses that begin with https:// are told.'
  const host = hostOf(url.hostname)
  const isPrivate = host === 'localhost' || host.endsWith('.localhost') || (isIP(host) > 0 && !isPublicAddress(host))
  return isPrivate && !allowPrivate ? privateRefusal(host) : null
}
