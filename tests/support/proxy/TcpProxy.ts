import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { connectToOne } from './balance'
import { type Conditions, calm } from './conditions'
import { ProxyLink } from './ProxyLink'

/**
 * A TCP proxy on 127.0.0.1 that passes everything on until it is told to misbehave. With several targets it is a load
 * balancer: each connection goes to the next of them that accepts it.
 */
export class TcpProxy {
  private conditions = calm
  private readonly live = new Set<ProxyLink>()
  /** Accepted and left without an answer. */
  private readonly swallowed = new Set<Socket>()
  private turn = 0

  private constructor(
    private readonly listener: Server,
    private readonly targetPorts: readonly number[],
  ) {
    listener.on('connection', (socket) => this.accept(socket))
  }

  /** Listens on a free port, in front of ports of this machine that need not be served yet. */
  static async start(...targetPorts: readonly [number, ...number[]]): Promise<TcpProxy> {
    const listener = createServer({ allowHalfOpen: true })
    const proxy = new TcpProxy(listener, targetPorts)
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    return proxy
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port // a TCP server's address is always this
  }

  /** Connections that are not closed on both sides. */
  get links(): readonly ProxyLink[] {
    for (const link of this.live) if (link.isClosed) this.live.delete(link)
    return [...this.live]
  }

  /** Adds faults to those in force; they hold for connections that exist, too, except for `admit` and `cutAfterBytes`. */
  impose(faults: Partial<Conditions>): void {
    this.conditions = { ...this.conditions, ...faults }
  }

  /** New connections are passed on again and nothing is held back. Links that were silenced stay so. */
  calm(): void {
    this.conditions = calm
    for (const socket of this.swallowed) socket.resetAndDestroy()
    this.swallowed.clear()
  }

  resetAll(): void {
    for (const link of this.links) link.reset()
  }

  dropAll(): void {
    for (const link of this.links) link.drop()
  }

  silenceAll(): void {
    for (const link of this.links) link.silence()
  }

  async stop(): Promise<void> {
    this.listener.close()
    this.calm()
    this.resetAll()
    await once(this.listener, 'close')
  }

  private accept(client: Socket): void {
    const { admit } = this.conditions
    if (admit === 'pass') {
      const [port] = this.targetPorts
      if (this.targetPorts.length > 1) void this.balance(client)
      else if (port !== undefined) this.link(client, connect({ port, host: '127.0.0.1', allowHalfOpen: true }))
      return
    }
    client.on('error', () => {}) // a reset from the other side is no surprise
    if (admit === 'refuse') {
      client.resetAndDestroy()
      return
    }
    this.swallowed.add(client)
    client.resume().on('close', () => this.swallowed.delete(client))
    client.on('end', () => client.end())
  }

  private link(client: Socket, server: Socket): void {
    this.live.add(new ProxyLink(client, server, () => this.conditions))
  }

  private async balance(client: Socket): Promise<void> {
    this.turn += 1
    const ports = this.targetPorts.map((_, i, all) => all[(this.turn + i) % all.length] ?? 0)
    const failed = () => client.destroy()
    client.once('error', failed)
    const server = await connectToOne(ports)
    client.off('error', failed)
    if (server && !client.destroyed && this.listener.listening) this.link(client, server)
    else {
      server?.destroy()
      client.resetAndDestroy()
    }
  }
}
