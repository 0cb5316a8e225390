import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const CHANNEL = 'http.server.request.start'

/** What Node tells of a request before anybody reads it. */
export interface ArrivedRequest {
  request: IncomingMessage
  response: ServerResponse
  socket: Socket
  server: Server
}

/**
 * From now on hears of every request that a server of this process receives, whoever made the server: Next makes its own,
 * and shows its routes less than what arrived. The listener must not throw: it would end the process.
 *
 * @returns what ends it.
 */
export function eachRequest(listener: (arrived: ArrivedRequest) => void): () => void {
  // What Node publishes on this channel.
  const hear = (message: unknown) => listener(message as ArrivedRequest)
  subscribe(CHANNEL, hear)
  return () => void unsubscribe(CHANNEL, hear)
}
