import type { Announcing } from '@/lib/db/Announcing'
import type { Database } from '@/lib/db/database'
import { AnnouncedChanges, type RevRange } from '@/lib/db/repositories/AnnouncedChanges'
import type { RedisLink } from '@/lib/redis/RedisLink'
import type { Change } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import { ANNOUNCEMENTS_CHANNEL, type Announcement } from './announcements'
import type { Listener } from './Listener'
import { MissedMessages } from './MissedMessages'
import { RedisCarrier } from './RedisCarrier'
import { Transactions } from './Transactions'
import { WithoutRedis } from './WithoutRedis'

/** `everywhere`: also to the sockets of other processes, by Redis; else to those of this process only. */
export type Reach = 'here' | 'everywhere'

export type ChangeListener = (change: Change, reach: Reach) => void

/** Whom this process could tell. */
export interface LocalAudience {
  roomIds(): string[]
  hasRoom(roomId: string): boolean
  hasUser(userId: string): boolean
}

/** How often a process says that it uses Redis while somebody doubts it, in milliseconds. */
const SAY_REDIS_MS = 10_000

export interface BusDeps {
  /** Unique among all processes. */
  process: string
  db: Database
  listener: Listener
  /** Absent: processes reach each other by the database alone. */
  redis: RedisLink | undefined
  /** What concerns nobody here is not read. */
  audience: LocalAudience
  /** Told of each change that could not be told, by the way it came; never throws. */
  onFailure?: ((way: 'local' | 'listen') => void) | undefined
  logger: Logger
}

/**
 * How a change reaches everybody it concerns, whichever process they are connected to. Its rules:
 *
 * 1. `publish` is the only way out. It is called after the commit and before the acknowledgement, never throws, and may
 *    be lost: clients find holes and newer heads, and catch up from the database.
 * 2. A transaction announces (NOTIFY) what it changes, ids and counters only, under a name of its own. Other processes
 *    read the rows once and tell their own sockets. Its own process ignores the announcement, unless the transaction's
 *    answer was lost: then nobody else has published it.
 * 3. Messages and read positions go by Redis instead while it is known to work; a doubt makes everybody announce, and
 *    look for what was published into the void (see RedisCarrier). Who comes, goes or renames is always announced, the
 *    system message of it too; who was removed is made to leave both ways, whichever is the faster.
 * 4. After a gap in the announcements memberships are repaired first: what is announced to rooms meanwhile waits. Then
 *    recent messages are told again.
 * 5. A process without Redis beside others that have it makes them go by the database (see WithoutRedis).
 */
export class Bus implements Announcing {
  private readonly listeners: ChangeListener[] = []
  private readonly repairs: (() => Promise<void>)[] = []
  private readonly announced: AnnouncedChanges
  private readonly transactions: Transactions
  private readonly carrier: RedisCarrier | undefined
  private readonly missed: MissedMessages
  private readonly withoutRedis: WithoutRedis | undefined
  private saidRedisAt = Number.NEGATIVE_INFINITY
  private ranges: RevRange[] = []
  private isReading = false
  private repairsUnderWay = 0
  /** What rooms are to hear once it is known again who is in them. */
  private heldBack: (() => void)[] = []

  constructor(private readonly deps: BusDeps) {
    const { audience, db, listener, redis, logger } = deps
    this.announced = new AnnouncedChanges(db)
    this.transactions = new Transactions(deps.process, () => this.carrier?.isCarrying() ?? false)
    this.missed = new MissedMessages({
      roomIds: () => audience.roomIds(),
      recent: (roomIds, withinMs) => this.announced.recent(roomIds, withinMs),
      tell: (change) => this.tell(change, 'here', 'listen'),
      logger,
    })
    this.carrier =
      redis &&
      new RedisCarrier({
        link: redis,
        isListening: () => listener.isListening,
        announceDoubt: (forMs) => this.announceDoubt(forMs),
        look: (forMs) => this.missed.look(forMs),
        logger,
      })
    this.withoutRedis = redis
      ? undefined
      : new WithoutRedis({
          ask: () => this.announce({ type: 'redisUnused', origin: this.transactions.own }),
          announceDoubt: () => this.announceDoubt(0),
          look: (forMs) => this.missed.look(forMs),
          logger,
        })
    this.transactions.on('unanswered', (announcement) => this.carryOut(announcement))
    this.transactions.on('unheard', (outcome, forMs) => this.carrier?.unheard(outcome, forMs))
    listener.on('announcement', (announcement) => {
      const isPublishedHere = this.transactions.isPublishedHere(announcement)
      // Who leaves does so before what others commit after it is told: our own service may publish it later than that.
      if (!isPublishedHere || announcement.type === 'removed') this.carryOut(announcement)
    })
    listener.on('listening', (gapMs) => void this.repair(gapMs))
  }

  /** Whether everything that other processes change is heard of at once; else clients ask more often. */
  get isHealthy(): boolean {
    return this.deps.listener.isListening && (this.deps.redis?.isUp ?? true)
  }

  transaction<T>(work: (name: string) => Promise<T>): Promise<T> {
    return this.transactions.transaction(work)
  }

  carriedTransaction<T>(work: (name: string | null, always: string) => Promise<T>): Promise<T> {
    return this.transactions.carriedTransaction(work)
  }

  readonly publish = (change: Change): void => {
    const isCarried = travelsByRedis(change) && this.carrier?.isCarrying()
    // What is gone in a moment travels by Redis or not at all.
    const isPassing = change.type === 'presence' || change.type === 'typing'
    this.tell(change, isCarried || isPassing ? 'everywhere' : 'here', 'local')
  }

  /** Listeners hear of every change in the order in which they came. */
  onChange(listener: ChangeListener): void {
    this.listeners.push(listener)
  }

  /** What has to be put right after a gap, before anything is told again. Never rejects. */
  onGap(repair: () => Promise<void>): void {
    this.repairs.push(repair)
  }

  async start(): Promise<void> {
    await this.deps.listener.start()
  }

  async stop(): Promise<void> {
    this.carrier?.stop()
    this.withoutRedis?.stop()
    await this.deps.listener.stop()
  }

  private tell(change: Change, reach: Reach, way: 'local' | 'listen'): void {
    for (const listener of this.listeners) {
      try {
        listener(change, reach)
      } catch (error) {
        this.deps.onFailure?.(way)
        this.deps.logger.error('a change could not be told; clients will find it by catching up', {
          error,
          change: change.type,
        })
      }
    }
  }

  private carryOut(announcement: Announcement): void {
    const here = (change: Change) => this.tell(change, 'here', 'listen')
    const { audience } = this.deps
    switch (announcement.type) {
      case 'messages':
        this.toRooms(() => this.readMessages(announcement.rooms.filter(([roomId]) => audience.hasRoom(roomId))))
        return
      case 'read': {
        const { roomId, userId, count, lastReadSeq, toReader } = announcement
        this.toRooms(() => {
          if (audience.hasRoom(roomId)) here({ type: 'read', read: { roomId, userId, count, lastReadSeq }, toReader })
        })
        return
      }
      case 'room': {
        const { roomId, userIds } = announcement
        void this.attempt('the members of a new room', async () => {
          here({ type: 'room', roomId, memberIds: userIds ?? (await this.announced.memberIds(roomId)) })
        })
        return
      }
      case 'roomUpdated':
        if (audience.hasRoom(announcement.roomId)) here(announcement)
        return
      case 'removed':
        here({ type: 'removed', roomId: announcement.roomId, userId: announcement.userId })
        return
      case 'notifications':
        void this.readNotifications(announcement.items.filter(([userId]) => audience.hasUser(userId)))
        return
      case 'notificationUpdated': {
        const { userId, id, read } = announcement
        here({ type: 'notificationUpdated', userId, update: { id, read } })
        return
      }
      case 'notificationDeleted':
        here(announcement)
        return
      case 'notificationsRead':
      case 'notificationsCleared': {
        const { type, userId, version, upTo } = announcement
        here({ type, userId, swept: { version, upTo } })
        return
      }
      case 'acquainted':
        if (announcement.userIds.some((userId) => audience.hasUser(userId))) here(announcement)
        return
      case 'block':
        here(announcement)
        return
      case 'session':
        here({ type: 'sessionEnded', sessionId: announcement.sessionId })
        return
      case 'user':
        here({ type: 'userChanged', userId: announcement.userId })
        return
      case 'settings':
        here({ type: 'settings', userIds: announcement.userIds.filter((userId) => audience.hasUser(userId)) })
        return
      case 'webhooks':
      case 'push':
        return // for those who deliver: see server/socket/createJobs.ts
      case 'redisDoubted':
        this.carrier?.doubted(announcement.forMs)
        if (performance.now() - this.saidRedisAt > SAY_REDIS_MS) this.sayRedisIsUsed()
        return
      case 'redisUnused':
        this.sayRedisIsUsed()
        return
      case 'redisUsed':
        this.withoutRedis?.heardOfRedis()
        return
    }
  }

  /** Read once for all that is announced while the read before is under way. */
  private readMessages(rooms: readonly (readonly [roomId: string, fromRev: number, toRev: number])[]): void {
    for (const [roomId, fromRev, toRev] of rooms) this.ranges.push({ roomId, fromRev, toRev })
    if (!this.isReading) void this.readRanges()
  }

  private async readRanges(): Promise<void> {
    this.isReading = true
    while (this.ranges.length > 0) {
      const ranges = this.ranges
      this.ranges = []
      await this.attempt('announced messages', async () => {
        for (const change of await this.announced.messages(ranges)) this.tell(change, 'here', 'listen')
      })
    }
    this.isReading = false
  }

  private async readNotifications(items: readonly (readonly [userId: string, version: number])[]): Promise<void> {
    if (items.length === 0) return
    await this.attempt('announced notifications', async () => {
      for (const notification of await this.announced.notifications(items)) {
        this.tell({ type: 'notification', notification }, 'here', 'listen')
      }
    })
  }

  private toRooms(tell: () => void): void {
    if (this.repairsUnderWay > 0) this.heldBack.push(tell)
    else tell()
  }

  /** What fails is not repeated: clients find the hole themselves, or the newer head. */
  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.deps.onFailure?.('listen')
      this.deps.logger.warn(`${what} could not be read; clients will catch up`, { error })
    }
  }

  private async repair(gapMs: number): Promise<void> {
    const sinceMs = performance.now() - gapMs
    this.repairsUnderWay += 1
    await Promise.all(this.repairs.map((repair) => repair()))
    this.repairsUnderWay -= 1
    if (this.repairsUnderWay === 0) for (const tell of this.heldBack.splice(0)) tell()
    this.missed.forget()
    await this.missed.look(performance.now() - sinceMs)
    if (this.withoutRedis) void this.withoutRedis.begin()
    else this.sayRedisIsUsed()
  }

  /** For those who have no Redis. */
  private sayRedisIsUsed(): void {
    if (!this.deps.redis) return
    this.saidRedisAt = performance.now()
    void this.announce({ type: 'redisUsed', origin: this.transactions.own })
  }

  private announceDoubt(forMs: number): Promise<boolean> {
    return this.announce({ type: 'redisDoubted', forMs, origin: this.transactions.own })
  }

  /** Outside of any transaction. Resolves to whether it could be said; never rejects. */
  private async announce(announcement: Announcement): Promise<boolean> {
    try {
      const values = [ANNOUNCEMENTS_CHANNEL, JSON.stringify(announcement)]
      await this.deps.db.rows({ text: 'SELECT pg_notify($1, $2)', values })
      return true
    } catch (error) {
      this.deps.logger.debug('the other processes could not be told', { error, announcement: announcement.type })
      return false
    }
  }
}

const travelsByRedis = (change: Change): boolean =>
  change.type === 'message'
    ? change.message.kind !== 'system'
    : // What came of the transaction of a message goes the way of messages.
      ['messageUpdated', 'read', 'acquainted', 'removed'].includes(change.type)
