import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

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
 */
export function eachRequest(listener: (arrived: ArrivedRequest) => void): void {
  // What Node publishes on this channel.
  subscribe('http.server.request.start', (message) => listener(message as ArrivedRequest))
}
