import { limits } from '@/contracts/limits'
import type { Presence } from '@/contracts/presence'
import type { Logger } from '@/services/shared/Logger'
import type { LastSeenBatch } from './LastSeenBatch'
import type { ActiveUsersStore, LastSeenRepository, PresencePublisher } from './ports'

export interface PresenceTrackerDeps {
  activeUsers: ActiveUsersStore
  repository: Pick<LastSeenRepository, 'peersOf'>
  lastSeen: LastSeenBatch
  publisher: PresencePublisher
  logger: Logger
  /** How long somebody without a connection still counts as here, in milliseconds: a reload must not flicker. */
  graceMs: number
}

type State = 'online' | 'away'

/** Notices when people come, go and are away, and tells those who share a room with them. */
export class PresenceTracker {
  /** What was last told of each person; nobody is told twice. */
  private readonly told = new Map<string, State>()
  private readonly leaving = new Map<string, ReturnType<typeof setTimeout>>()
  private stopped = false

  constructor(private readonly deps: PresenceTrackerDeps) {}

  async joined(userId: string, connectionId: string): Promise<void> {
    clearTimeout(this.leaving.get(userId))
    this.leaving.delete(userId)
    this.deps.lastSeen.touch(userId)
    await this.deps.activeUsers.addUser(userId, connectionId)
    await this.tell(userId)
  }

  /** @param wasHere - false when the connection fell silent: then they were last seen some while ago. */
  async left(userId: string, connectionId: string, wasHere: boolean): Promise<void> {
    if (wasHere) this.deps.lastSeen.touch(userId)
    if (this.stopped) return
    const remaining = await this.deps.activeUsers.removeUser(userId, connectionId)
    if (remaining === 'here') return this.tell(userId)
    if (remaining === 'elsewhere') {
      this.told.delete(userId) // the process that has their connection speaks for them now
      return
    }
    const timer = setTimeout(() => {
      this.leaving.delete(userId)
      void this.tell(userId)
    }, this.deps.graceMs)
    clearTimeout(this.leaving.get(userId))
    this.leaving.set(userId, timer)
  }

  /** These people's connections ended with the process that held them, and nobody has said so. */
  async expired(userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) {
      if (!this.told.has(userId)) this.told.set(userId, 'online')
      await this.tell(userId)
    }
  }

  /** A sign of life: the person is here, or away from this connection. */
  async seen(userId: string, connectionId: string, away: boolean): Promise<Date> {
    const lastSeen = this.deps.lastSeen.touch(userId)
    await this.deps.activeUsers.setAway(userId, connectionId, away)
    await this.tell(userId)
    return lastSeen
  }

  /**
   * The process ends: whose connections are closed from now on is on the way to another process. Should they not come,
   * the others notice.
   */
  stop(): void {
    this.stopped = true
    for (const timer of this.leaving.values()) clearTimeout(timer)
    this.leaving.clear()
  }

  private async tell(userId: string): Promise<void> {
    const before = this.told.get(userId)
    try {
      const user = await this.deps.activeUsers.getUser(userId)
      const state: State | undefined = user ? (user.away ? 'away' : 'online') : undefined
      if (state === before) return
      if (state) this.told.set(userId, state)
      else this.told.delete(userId)
      const lastSeen = (this.deps.lastSeen.pendingOf(userId) ?? new Date()).toISOString()
      const presence: Presence = {
        isOnline: state !== undefined,
        lastSeen,
        ...(state === 'away' ? { away: true } : {}),
      }
      const peers = await this.deps.repository.peersOf(userId, limits.presenceIds)
      this.deps.publisher.changed(
        { [userId]: presence },
        peers.map((peer) => peer.id),
      )
    } catch (error) {
      // Not told after all: the next sign of life tries again.
      if (before) this.told.set(userId, before)
      else this.told.delete(userId)
      this.deps.logger.warn('a change of presence could not be told', { error, userId })
    }
  }
}
