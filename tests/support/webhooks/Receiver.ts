import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that arrived. */
export interface Received {
  headers: IncomingHttpHeaders
  raw: string
  id: string
  type: string
  data: Record<string, unknown>
}

type Answer = (request: Received, response: ServerResponse) => void

/** Somebody else's server, which is told of what happens: keeps what it is sent, and answers as it is told to. */
export class Receiver {
  readonly received: Received[] = []
  /** 204 unless said. */
  answer: Answer = (_, response) => void response.writeHead(204).end()

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer()
    const receiver = new Receiver(server)
    server.on('request', async (request, response) => {
      let raw = ''
      for await (const chunk of request.setEncoding('utf8')) raw += chunk
      const { type, data } = JSON.parse(raw)
      const received = { headers: request.headers, raw, id: String(request.headers['webhook-id']), type, data }
      receiver.received.push(received)
      receiver.answer(received, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook` // a TCP server's address is always this
  }

  /** What was sent of one type, in the order in which it came. */
  of(type: string): Received[] {
    return this.received.filter((request) => request.type === type)
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve))
  }
}
