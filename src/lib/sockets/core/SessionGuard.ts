import type { Logger } from '@/services/shared/Logger'
import type { SessionKeeper } from '@/services/users/ports'
import type { ConnectionManager } from './ConnectionManager'

export interface SessionGuardDeps {
  connections: ConnectionManager
  sessions: SessionKeeper
  logger: Logger
  /** How often all live sessions are re-checked, in milliseconds. */
  intervalMs: number
}

/**
 * Closes the sockets of sessions that ended: one query for all of them every few seconds, and at once when it is told.
 * While the database does not answer nobody is thrown out: they could do nothing anyway.
 */
export class SessionGuard {
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(private readonly deps: SessionGuardDeps) {}

  start(): void {
    this.stopped = false
    this.schedule()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  end(sessionId: string): void {
    for (const connection of this.deps.connections.getAllConnections()) {
      if (connection.sessionId === sessionId) connection.disconnect()
    }
  }

  async check(): Promise<void> {
    const connections = this.deps.connections.getAllConnections()
    if (connections.length === 0) return
    try {
      const live = await this.deps.sessions.live([...new Set(connections.map((connection) => connection.sessionId))])
      const roles = new Map(live.map((session) => [session.sessionId, session.role]))
      // Somebody whose role changed comes back at once, with what it allows now.
      const ended = connections.filter((connection) => roles.get(connection.sessionId) !== connection.role)
      for (const connection of ended) connection.disconnect()
      if (ended.length > 0)
        this.deps.logger.info('closed sockets of ended or changed sessions', { count: ended.length })
      await this.deps.sessions.seen(live.map(({ sessionId }) => sessionId))
    } catch (error) {
      this.deps.logger.warn('sessions could not be re-checked', { error })
    }
  }

  private schedule(): void {
    if (this.stopped) return
    this.timer = setTimeout(() => void this.check().finally(() => this.schedule()), this.deps.intervalMs)
  }
}
