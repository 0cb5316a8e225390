import pTimeout from 'p-timeout'
import type { Namespace } from '@/contracts/namespaces'
import type { ActiveUsersStore } from '@/services/presence/ports'
import type { SessionUser } from '@/services/shared/SessionUser'

/** One socket in one namespace, and whose it is. */
export interface Connection {
  socketId: string
  namespace: Namespace
  userId: string
  sessionId: string
  /** As the last check of their session found them. */
  user: SessionUser
  connectedAt: Date
  /** Undefined: it has not sent a `ping` yet. */
  lastPingAt: Date | undefined
  /** What its last `ping` said. */
  away: boolean
  /** Closes the transport, with every namespace on it, once what was written to it is sent; the client reconnects. */
  disconnect: () => void
  /** `websocket` or `polling`, at this moment. */
  transport: () => string
  /** The person behind it is called otherwise, or may do something else, from now on. */
  update: (user: SessionUser) => void
}

/**
 * The live connections of this process, by user and by session. A user has as many as they have tabs, devices and
 * namespaces. Who is online is the store's to say, which may know of other processes.
 */
export class ConnectionManager {
  private readonly connections = new Map<string, Connection>()
  private readonly socketsOfUser = new Map<string, Set<string>>()
  private whenEmpty: (() => void) | undefined

  constructor(private readonly activeUsers: Pick<ActiveUsersStore, 'isOnline'>) {}

  registerConnection(
    user: SessionUser,
    socketId: string,
    namespace: Namespace,
    disconnect: () => void,
    transport: () => string,
    update: (user: SessionUser) => void,
  ): void {
    const connection: Connection = {
      socketId,
      namespace,
      userId: user.id,
      sessionId: user.sessionId,
      user,
      connectedAt: new Date(),
      lastPingAt: undefined,
      away: false,
      disconnect,
      transport,
      update(changed) {
        connection.user = changed
        update(changed)
      },
    }
    this.connections.set(socketId, connection)
    const own = this.socketsOfUser.get(user.id)
    if (own) own.add(socketId)
    else this.socketsOfUser.set(user.id, new Set([socketId]))
  }

  /** Unknown ids are ignored. */
  unregisterConnection(userId: string, socketId: string): void {
    if (!this.connections.delete(socketId)) return
    const own = this.socketsOfUser.get(userId)
    own?.delete(socketId)
    if (own?.size === 0) this.socketsOfUser.delete(userId)
    if (this.connections.size === 0) this.whenEmpty?.()
  }

  /** A connection gave a sign of life. Unknown ids are ignored. */
  notePing(socketId: string, away: boolean): void {
    const connection = this.connections.get(socketId)
    if (!connection) return
    connection.lastPingAt = new Date()
    connection.away = away
  }

  getConnection(socketId: string): Connection | undefined {
    return this.connections.get(socketId)
  }

  getUserConnections(userId: string): Connection[] {
    return [...(this.socketsOfUser.get(userId) ?? [])].flatMap((id) => this.connections.get(id) ?? [])
  }

  /** Whether this person has one. */
  has(userId: string): boolean {
    return this.socketsOfUser.has(userId)
  }

  getAllConnections(): Connection[] {
    return [...this.connections.values()]
  }

  /** How many connections there are. */
  get size(): number {
    return this.connections.size
  }

  /** How many different people have one. */
  get people(): number {
    return this.socketsOfUser.size
  }

  /** Closes every connection and resolves when all are gone, or after `limitMs` milliseconds. */
  async closeAll(limitMs: number): Promise<void> {
    if (this.connections.size === 0) return
    const gone = new Promise<void>((resolve) => {
      this.whenEmpty = resolve
    })
    for (const connection of this.connections.values()) connection.disconnect()
    await pTimeout(gone, { milliseconds: limitMs, message: false })
  }

  /** Whether the user has a connection anywhere, as far as the store knows. */
  isUserOnline(userId: string): Promise<boolean> {
    return this.activeUsers.isOnline(userId)
  }
}
