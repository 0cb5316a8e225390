import { createServer, type Server } from 'node:net'
import { isWildcard } from '@/lib/env/hosts'
import { isErrno } from '@/lib/env/isErrno'
import { ScriptError } from './ScriptError'

/** A port kept from other programs until it is given to the process that will listen on it. */
export interface PortReservation {
  release(): Promise<void>
}

/** Listens on a port of these addresses, answering nobody. `variable` names the setting that chose the port. */
export async function reservePort(port: number, variable: string, hosts: readonly string[]): Promise<PortReservation> {
  const servers: Server[] = []
  const release = async (): Promise<void> => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
  try {
    // Where the loopback address alone is taken, some systems let the wildcard through: so it is asked first.
    if (hosts.some(isWildcard)) await probe(port)
    for (const host of hosts) servers.push(await listen(port, host))
  } catch (error) {
    await release()
    if (isErrno(error, 'EADDRINUSE')) {
      throw new ScriptError(
        `Port ${port} is taken by another program. End it, or choose another: ${variable}=${port + 100}.`,
      )
    }
    if (isErrno(error, 'EACCES')) {
      throw new ScriptError(
        `Port ${port} is not allowed for this user. Choose one above 1023: ${variable}=${port + 3000}.`,
      )
    }
    throw error
  }
  return { release }
}

/** The preferred port on 127.0.0.1 if it is free, else any free one. */
export async function freeLocalPort(preferred: number | undefined): Promise<number> {
  try {
    return await probe(preferred ?? 0)
  } catch (error) {
    if (preferred === undefined || !isErrno(error, 'EADDRINUSE', 'EACCES')) throw error
    return probe(0)
  }
}

async function probe(port: number): Promise<number> {
  const server = await listen(port, '127.0.0.1')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has no port.')
  return address.port
}

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', reject)
    server.listen({ port, host }, () => resolve(server))
  })
}
