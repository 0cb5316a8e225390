/** Addresses that only this machine reaches: the loopback of both IP versions. */
export const LOOPBACKS = ['127.0.0.1', '::1'] as const

/** Every address of this machine. */
export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::'

export const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.')

/** Where this machine itself finds a server that listens on these addresses, as a URL says it. */
export function nearestHost(hosts: readonly string[]): string {
  const [first = LOOPBACKS[0]] = hosts
  if (isWildcard(first)) return LOOPBACKS[0]
  return first.includes(':') ? `[${first}]` : first
}
