import type { Presence } from '@/contracts/presence'
import type { Publish } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import { ONLINE_BY_LAST_SEEN_MS } from './ChatPresenceService'
import type { LastSeenBatch } from './LastSeenBatch'
import type { ActiveUsersStore, LastSeenRepository } from './ports'

export interface PresenceTrackerDeps {
  activeUsers: ActiveUsersStore
  repository: Pick<LastSeenRepository, 'audienceOf' | 'lastSeenOf'>
  lastSeen: LastSeenBatch
  publish: Publish
  /** Whether there are other processes whose people and watchers cannot be reached now. */
  isCutOff: () => boolean
  logger: Logger
  /** How long somebody without a connection still counts as here, in milliseconds: a reload must not flicker. */
  graceMs: number
}

type State = 'online' | 'away'

/** Most people who are told of again after a time of being cut off; beyond that, at the next `presence:sync`. */
const REPEAT_MOST = 10_000
/** People who are told of at the same time. */
const AT_ONCE = 4
/** Of one person is told once in this time, in milliseconds: whoever toggles gets through with the last of it. */
const PAUSE_MS = 1_000

/** Follows on having told of somebody. */
interface Pause {
  timer: ReturnType<typeof setTimeout>
  /** Something was to be told meanwhile. */
  isWaiting: boolean
}

/** Notices when people come, go and are away, and tells those who may know (see LastSeenRepository.audienceOf). */
export class PresenceTracker {
  /** What was last told of each person who has a connection here, or had a moment ago; nobody is told twice. */
  private readonly told = new Map<string, State>()
  private readonly pauses = new Map<string, Pause>()
  private readonly leaving = new Map<string, ReturnType<typeof setTimeout>>()
  /** Whose state was told while other processes could not hear it. */
  private readonly toRepeat = new Set<string>()
  private readonly checks = new Set<ReturnType<typeof setTimeout>>()
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
    const { activeUsers, graceMs, lastSeen } = this.deps
    if (wasHere) lastSeen.touch(userId)
    if (this.stopped) return
    const remaining = await activeUsers.removeUser(userId, connectionId, graceMs)
    if (remaining === 'here') return this.tell(userId)
    // Whoever has their connection speaks for them now.
    if (remaining === 'elsewhere') return void this.told.delete(userId)
    clearTimeout(this.leaving.get(userId))
    this.leaving.set(
      userId,
      setTimeout(() => void this.graceEnded(userId, connectionId), graceMs),
    )
  }

  /** A sign of life: the person is here, or away from this connection. */
  async seen(userId: string, connectionId: string, away: boolean): Promise<Date> {
    const lastSeen = this.deps.lastSeen.touch(userId)
    await this.deps.activeUsers.setAway(userId, connectionId, away)
    await this.tell(userId)
    return lastSeen
  }

  /**
   * These people's connections were not renewed, and nobody has said so: the process that held them died, or is cut off.
   * Whoever was seen lately may be with one that is cut off, or on the way to another: they are looked at again later.
   */
  async expired(userIds: readonly string[]): Promise<void> {
    try {
      const believed = Date.now() - ONLINE_BY_LAST_SEEN_MS - this.deps.lastSeen.batchMs
      const people = await this.deps.repository.lastSeenOf(userIds)
      const isRecent = ({ lastSeen }: { lastSeen: string }) => Date.parse(lastSeen) > believed
      await this.publishAll(people.filter((person) => !isRecent(person)).map(({ id }) => id))
      const again = people.filter(isRecent).map(({ id }) => id)
      if (again.length > 0) this.checkLater(again)
    } catch (error) {
      this.deps.logger.warn('the end of some presence could not be told', { error })
    }
  }

  /** Other processes can be reached again: what they missed is told once more, as it is now. */
  async repeatMissed(): Promise<void> {
    const userIds = [...this.toRepeat]
    this.toRepeat.clear()
    await this.publishAll(userIds)
  }

  /**
   * The process ends: whose connections are closed from now on is on the way to another process. Should they not come,
   * the others notice.
   */
  stop(): void {
    this.stopped = true
    const pauses = [...this.pauses.values()].map(({ timer }) => timer)
    for (const timer of [...this.leaving.values(), ...this.checks, ...pauses]) clearTimeout(timer)
    this.leaving.clear()
    this.checks.clear()
    this.pauses.clear()
  }

  private async graceEnded(userId: string, connectionId: string): Promise<void> {
    this.leaving.delete(userId)
    try {
      await this.deps.activeUsers.removeUser(userId, connectionId)
    } catch (error) {
      this.deps.logger.warn('the end of a connection could not be noted', { error, userId })
    }
    await this.tell(userId)
    if (!this.deps.activeUsers.holds(userId) && !this.pauses.get(userId)?.isWaiting) this.told.delete(userId)
  }

  /** Whether somebody has to be told of later: they were told of a moment ago. */
  private waits(userId: string): boolean {
    const pause = this.pauses.get(userId)
    if (pause) pause.isWaiting = true
    return pause !== undefined
  }

  private beginPause(userId: string): void {
    const timer = setTimeout(() => {
      const isWaiting = this.pauses.get(userId)?.isWaiting
      this.pauses.delete(userId)
      if (isWaiting) void this.tell(userId)
    }, PAUSE_MS)
    if (!this.stopped) this.pauses.set(userId, { timer, isWaiting: false })
    else clearTimeout(timer)
  }

  private checkLater(userIds: readonly string[]): void {
    if (this.stopped) return
    const timer = setTimeout(() => {
      this.checks.delete(timer)
      void this.expired(userIds)
    }, ONLINE_BY_LAST_SEEN_MS)
    this.checks.add(timer)
  }

  private async publishAll(userIds: string[]): Promise<void> {
    const publishNext = async (): Promise<void> => {
      for (let userId = userIds.pop(); userId !== undefined; userId = userIds.pop()) await this.tell(userId, true)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, publishNext))
  }

  /** @param always - also if nothing changed since it was last told here. */
  private async tell(userId: string, always = false): Promise<void> {
    const before = this.told.get(userId)
    try {
      const user = await this.deps.activeUsers.getUser(userId)
      const state: State | undefined = user ? (user.away ? 'away' : 'online') : undefined
      if ((state === this.told.get(userId) && !always) || this.waits(userId)) return
      this.beginPause(userId)
      if (state && this.deps.activeUsers.holds(userId)) this.told.set(userId, state)
      else this.told.delete(userId)
      if (this.deps.isCutOff() && this.toRepeat.size < REPEAT_MOST) this.toRepeat.add(userId)
      await this.publish(userId, state)
    } catch (error) {
      // Not told after all: the next sign of life tries again.
      if (before) this.told.set(userId, before)
      else this.told.delete(userId)
      this.deps.logger.warn('a change of presence could not be told', { error, userId })
    }
  }

  private async publish(userId: string, state: State | undefined): Promise<void> {
    const { lastSeen, publish, repository } = this.deps
    const presence: Presence = {
      isOnline: state !== undefined,
      lastSeen: (lastSeen.pendingOf(userId) ?? new Date()).toISOString(),
      ...(state === 'away' ? { away: true } : {}),
    }
    const audience = await repository.audienceOf(userId)
    publish({ type: 'presence', presence: { [userId]: presence }, audience })
  }
}
