import type { ProxyLink, Side } from './ProxyLink'

/** Looks at what passes; `swallow` keeps it from the other side. May use the link's own faults, too. */
export type Tap = (link: ProxyLink, from: Side, chunk: Buffer) => 'pass' | 'swallow'

/** What a proxy does to connections, beside the faults of single links. */
export interface Conditions {
  /**
   * What becomes of a new connection: passed on; refused (RST at once); or swallowed: accepted, like behind a firewall
   * that drops packets, and never answered.
   */
  admit: 'pass' | 'refuse' | 'swallow'
  /** How long each chunk is held back, in milliseconds. */
  delayMs: number
  /** Most bytes in one write. */
  sliceBytes: number
  /** Asked once for each new connection: it is reset after so many bytes, both directions together. */
  cutAfterBytes: () => number
  tap: Tap | undefined
}

/** No fault at all. */
export const calm: Conditions = {
  admit: 'pass',
  delayMs: 0,
  sliceBytes: Number.POSITIVE_INFINITY,
  cutAfterBytes: () => Number.POSITIVE_INFINITY,
  tap: undefined,
}
