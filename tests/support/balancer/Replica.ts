import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { onTeardown } from '../teardown'

/**
 * Gives a server of this process what a container has: an address of its own, with the port that all replicas share.
 * Passes every byte on.
 */
export class Replica {
  private readonly open = new Set<Socket>()

  private constructor(
    readonly address: string,
    private readonly listener: Server,
  ) {}

  static async start(address: string, port: number, targetPort: number): Promise<Replica> {
    const listener = createServer()
    const replica = new Replica(address, listener)
    listener.on('connection', (socket) => replica.pass(socket, targetPort))
    listener.listen(port, address)
    await once(listener, 'listening')
    onTeardown(() => replica.kill())
    return replica
  }

  /** As `docker kill`: its connections break, and nobody listens at its address any more. */
  kill(): void {
    this.listener.close()
    for (const socket of this.open) socket.resetAndDestroy()
  }

  private pass(socket: Socket, targetPort: number): void {
    const target = connect(targetPort, '127.0.0.1')
    for (const [one, other] of [
      [socket, target],
      [target, socket],
    ] as const) {
      this.open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  }
}
