import type { Server } from 'node:http'
import { eachRequest } from './eachRequest'

export interface RequestTimes {
  headersTimeout: number
  /** Headers and body. */
  requestTimeout: number
}

/** In milliseconds. Node's own are a minute and five, for which a body that trickles in may hold a connection. */
const TIMES: RequestTimes = { headersTimeout: 10_000, requestTimeout: 30_000 }

/**
 * From its first request on a server of this process gives nobody longer to send a request. Next makes its own server, and
 * takes no such setting. What is answered slowly (a stream) is not concerned.
 */
export function boundRequestTimes(times = TIMES): void {
  const known = new WeakSet<Server>()
  eachRequest(({ server }) => {
    if (known.has(server)) return
    known.add(server)
    server.headersTimeout = shorter(server.headersTimeout, times.headersTimeout)
    server.requestTimeout = shorter(server.requestTimeout, times.requestTimeout)
  })
}

/** Of two times; 0 is none. */
const shorter = (one: number, other: number): number => Math.min(one || other, other)
