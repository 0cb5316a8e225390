import type { SocketServer } from '../core/sockets'
import { bytesOf, type EngineConnection, onConnection, onRequest, pauseReading } from './engine'
import { InboundBudget } from './InboundBudget'

/** Nothing is held back for longer at a time, in milliseconds: the engine's heartbeat has to get through. */
const LONGEST_PAUSE_MS = 5_000

/** Reads people who send more than their budget more slowly: over WebSocket by pausing it, over long polling by waiting. */
export class InboundThrottle {
  private readonly budget = new InboundBudget()
  private readonly users = new Map<string, string>()

  constructor(io: SocketServer) {
    const connections = new Map<string, EngineConnection>()
    onConnection(io, (connection) => {
      const { id } = connection
      connections.set(id, connection)
      if (connection.transport.name === 'websocket') this.watch(connection, connection.request)
      connection.once('close', () => {
        connections.delete(id)
        const userId = this.users.get(id)
        this.users.delete(id)
        if (userId !== undefined) this.budget.forget(userId)
      })
    })
    onRequest(io, (request, sid, proceed) => {
      const connection = connections.get(sid)
      const userId = this.users.get(sid)
      if (connection && request.headers.upgrade) this.watch(connection, request)
      const bytes = request.method === 'POST' ? Number(request.headers['content-length'] ?? 0) : 0
      const pauseMs = userId === undefined || bytes === 0 ? 0 : this.budget.take(userId, bytes)
      if (pauseMs === 0) proceed()
      else setTimeout(proceed, Math.min(pauseMs, LONGEST_PAUSE_MS))
    })
  }

  signedIn({ id }: EngineConnection, userId: string): void {
    this.users.set(id, userId)
  }

  private watch(connection: EngineConnection, { socket }: EngineConnection['request']): void {
    let isPaused = false
    const take = (bytes: number) => {
      const userId = this.users.get(connection.id)
      const pauseMs = userId === undefined ? 0 : this.budget.take(userId, bytes)
      if (pauseMs === 0 || isPaused || !connection.transport.socket) return
      isPaused = true
      const resume = pauseReading(connection)
      setTimeout(
        () => {
          isPaused = false
          resume()
        },
        Math.min(pauseMs, LONGEST_PAUSE_MS),
      ).unref()
    }
    // What came compressed counts as what it is: so much is parsed.
    let arrived = 0
    socket.on('data', ({ length }: Buffer) => {
      arrived += length
      take(length)
    })
    connection.on('packet', ({ data }) => {
      const bytes = bytesOf(data)
      if (bytes > arrived) take(bytes - arrived)
      arrived = Math.max(0, arrived - bytes)
    })
  }
}
