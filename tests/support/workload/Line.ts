import type { World } from '../processes/World'
import { TcpProxy } from '../proxy/TcpProxy'

/** One client's own network: what happens to it happens to nobody else. */
export class Line {
  private constructor(
    readonly socket: TcpProxy,
    readonly web: TcpProxy,
  ) {}

  static async lay(world: World): Promise<Line> {
    return new Line(await TcpProxy.start(world.socket.port), await TcpProxy.start(world.web.port))
  }

  get socketUrl(): string {
    return `http://127.0.0.1:${this.socket.port}`
  }

  get webUrl(): string {
    return `http://127.0.0.1:${this.web.port}`
  }

  /** No network: connections are reset, and new ones refused. */
  cut(): void {
    for (const proxy of [this.socket, this.web]) {
      proxy.impose({ admit: 'refuse' })
      proxy.resetAll()
    }
  }

  mend(): void {
    for (const proxy of [this.socket, this.web]) proxy.calm()
  }

  async stop(): Promise<void> {
    await Promise.all([this.socket.stop(), this.web.stop()])
  }
}
