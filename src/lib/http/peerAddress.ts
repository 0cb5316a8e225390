import { randomBytes } from 'node:crypto'
import { eachRequest } from './eachRequest'

// One name for the process: Next evaluates a module several times.
const holder: { tandemPeerHeader?: string } = globalThis as typeof holder // its own key, nobody else's

/**
 * From now on every request that this process receives says who is at the other end of its connection. Next's route
 * handlers see headers only, and its `X-Forwarded-For` is the client's own if it sent one. The header's name is drawn anew
 * by each process, so that nobody else can send it.
 */
export function notePeerAddresses(): void {
  if (holder.tandemPeerHeader) return
  const name = `x-tandem-peer-${randomBytes(12).toString('hex')}`
  eachRequest(({ request, socket }) => {
    request.headers[name] = socket.remoteAddress ?? ''
  })
  holder.tandemPeerHeader = name
}

/** The other end of the connection a request came by: the client, or the nearest proxy. Undefined where it was not noted. */
export function peerAddressOf(request: { headers: Pick<Headers, 'get'> }): string | undefined {
  return (holder.tandemPeerHeader && request.headers.get(holder.tandemPeerHeader)) || undefined
}
