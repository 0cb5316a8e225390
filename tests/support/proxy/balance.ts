import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection to the first of these ports of this machine that accepts one; undefined when none does. */
export async function connectToOne(ports: readonly number[]): Promise<Socket | undefined> {
  for (const port of ports) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    try {
      await once(socket, 'connect') // rejects with the socket's error
      return socket
    } catch {
      socket.destroy()
    }
  }
  return undefined
}
