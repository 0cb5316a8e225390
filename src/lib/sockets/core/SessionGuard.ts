import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { SessionKeeper } from '@/services/users/ports'

/** A connection as far as its session is concerned. */
interface Connection {
  readonly sessionId: string
  /** As the last check found them. */
  readonly user: SessionUser
  disconnect(): void
  /** The person behind it is called otherwise, or may do something else, from now on. */
  update(user: SessionUser): void
}

export interface SessionGuardDeps {
  connections: {
    has(userId: string): boolean
    getUserConnections(userId: string): readonly Connection[]
    getAllConnections(): readonly Connection[]
  }
  sessions: SessionKeeper
  logger: Logger
  /** How often all live sessions are re-checked, in milliseconds. */
  intervalMs: number
}

/** How long people who changed are collected, in milliseconds: a role's change announces everybody who has it. */
const COLLECT_MS = 50

/**
 * Closes the sockets of sessions that ended, and tells those of people who may do something else by now: one query for all
 * of them every few seconds, and at once when it is told. While the database does not answer nobody is thrown out: they
 * could do nothing anyway.
 */
export class SessionGuard {
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false
  /** Who changed since the last look. */
  private readonly changed = new Set<string>()
  private look: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly deps: SessionGuardDeps) {}

  start(): void {
    this.stopped = false
    this.schedule()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
    clearTimeout(this.look)
    this.look = undefined
    this.changed.clear()
  }

  end(sessionId: string): void {
    for (const connection of this.deps.connections.getAllConnections()) {
      if (connection.sessionId === sessionId) connection.disconnect()
    }
  }

  /** All sessions that have a socket here. Never rejects. */
  check(): Promise<void> {
    return this.compare(this.deps.connections.getAllConnections())
  }

  /** This person's, in a moment, in one query with those of others who changed at the same time. */
  checkUser(userId: string): void {
    if (this.stopped || !this.deps.connections.has(userId)) return
    this.changed.add(userId)
    this.look ??= setTimeout(() => {
      const people = [...this.changed]
      this.changed.clear()
      this.look = undefined
      void this.compare(people.flatMap((id) => this.deps.connections.getUserConnections(id)))
    }, COLLECT_MS)
  }

  private async compare(connections: readonly Connection[]): Promise<void> {
    if (connections.length === 0) return
    try {
      const ids = new Set(connections.map(({ sessionId }) => sessionId))
      const live = new Map((await this.deps.sessions.live([...ids])).map((session) => [session.sessionId, session]))
      let ended = 0
      for (const connection of connections) {
        const now = live.get(connection.sessionId)
        if (now) {
          if (!isDeepStrictEqual(now, connection.user)) connection.update(now)
        } else {
          connection.disconnect()
          ended += 1
        }
      }
      if (ended > 0) this.deps.logger.info('closed sockets of ended sessions', { count: ended })
      await this.deps.sessions.seen([...live.keys()])
    } catch (error) {
      this.deps.logger.warn('sessions could not be re-checked', { error })
    }
  }

  private schedule(): void {
    if (this.stopped) return
    this.timer = setTimeout(() => void this.check().finally(() => this.schedule()), this.deps.intervalMs)
  }
}
