import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { ConfigError } from '../env/ConfigError'
import { isErrno } from '../env/isErrno'

export interface Listening {
  port: number
  /** Stops listening on all addresses but the first, which is the server's own; resolves when their connections ended. */
  close(): Promise<void>
}

/**
 * Makes an HTTP server listen on each of these addresses at one port; 0 asks for a free one. A server of Node's has one
 * address: connections to the others are handed to it.
 */
export async function listenOn(server: Server, port: number, hosts: readonly string[]): Promise<Listening> {
  const [first, ...others] = await availableHosts(hosts)
  const actual = await listen(server, port, first)
  const more: Server[] = []
  for (const host of others) {
    // As Node's own HTTP servers take connections.
    const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket))
    await listen(other, actual, host)
    more.push(other)
  }
  return {
    port: actual,
    close: async () => {
      await Promise.all(more.map((other) => new Promise((resolve) => other.close(resolve))))
    },
  }
}

/**
 * Those of these addresses that this machine has: where IPv6 is missing `::1` is left out, and `::` is `0.0.0.0`.
 * @throws ConfigError when it has none.
 */
export async function availableHosts(hosts: readonly string[]): Promise<[string, ...string[]]> {
  const available: string[] = []
  for (const host of hosts) {
    if (await canListen(host)) available.push(host)
    else if (host === '::') available.push('0.0.0.0')
  }
  const [first, ...others] = available
  if (first !== undefined) return [first, ...others]
  throw new ConfigError([{ variable: 'HOST', problem: `This machine does not have the address ${hosts.join(', ')}.` }])
}

async function canListen(host: string): Promise<boolean> {
  const server = createServer()
  try {
    await listen(server, 0, host)
    return true
  } catch (error) {
    if (isErrno(error, 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL')) return false
    throw error
  } finally {
    server.close()
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening') // rejects with the server's error
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}
