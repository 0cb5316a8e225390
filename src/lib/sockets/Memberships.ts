import type { RoomData } from '@/contracts/chat'
import type { RoomRepository } from '@/services/chat/ports'
import type { Logger } from '@/services/shared/Logger'
import { socketRooms } from './core/socketRooms'
import type { ChatNamespaceIo } from './core/sockets'

export interface MembershipsDeps {
  chat: ChatNamespaceIo
  rooms: Pick<RoomRepository, 'roomIdsOfEach'>
  /** The room as each of these people sees it, those left out who are not in it. */
  viewsOf: (roomId: string, userIds: readonly string[]) => Promise<ReadonlyMap<string, RoomData>>
  logger: Logger
}

interface Turn {
  applied: Promise<void>
  resolve: (applied?: Promise<void>) => void
  reject: (error: unknown) => void
}

/** People whose memberships one statement reads. */
const AT_ONCE = 100
/** When what could not be read is read again, in milliseconds. */
const RETRY_MS = 1_000

/**
 * Which rooms the sockets of this process are in: those that the table of members says, and only because it says so. Who
 * comes or goes is a reason to read it again, never itself a reason to join; so it does not matter in which order, by how
 * many ways and how often such news arrive. Leaving is done at once, and checked afterwards.
 *
 * One reading at a time, for all who wait. What was read of somebody of whom there is news since is thrown away and read
 * again: it may be older than the news. What cannot be read is read again until it can.
 */
export class Memberships {
  private waiting = new Map<string, Turn>()
  private isReading = false
  private showing = Promise.resolve()
  private readonly failed = new Set<string>()
  private retry: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly deps: MembershipsDeps) {}

  /**
   * Sets the rooms of this person's sockets, those that are still in their handshake too. Resolves when a reading that
   * began after this call has been carried out; rejects when it failed, and is repeated all the same.
   */
  update(userId: string): Promise<void> {
    const turn = this.waiting.get(userId) ?? newTurn()
    this.waiting.set(userId, turn)
    if (!this.isReading) void this.readAll()
    return turn.applied
  }

  /** There is news of these people; nobody waits for it. Those who are not here are passed over. */
  changed(userIds: readonly string[]): void {
    for (const userId of userIds) if (this.socketIdsOf(userId).length > 0) this.update(userId).catch(isRetried)
  }

  /** Somebody is said to have left: so they do at once, and are told. */
  left(roomId: string, userId: string): void {
    const room = socketRooms.room(roomId)
    const socketIds = this.socketIdsOf(userId).filter((id) => this.deps.chat.adapter.sids.get(id)?.has(room))
    for (const socketId of socketIds) void this.deps.chat.adapter.del(socketId, room)
    if (socketIds.length > 0) this.tellRemoved(userId, roomId)
    this.changed([userId])
  }

  /** Everybody's who is here: news may have been missed. Resolves when it is done, however often it has to be tried. */
  async updateAll(): Promise<void> {
    const prefix = socketRooms.user('')
    for (let isDone = false; !isDone; ) {
      const names = [...this.deps.chat.adapter.rooms.keys()].filter((name) => name.startsWith(prefix))
      const done = await Promise.allSettled(names.map((name) => this.update(name.slice(prefix.length))))
      isDone = done.every(({ status }) => status === 'fulfilled')
      if (!isDone) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
    }
  }

  /** Whether somebody's socket here is in the room. */
  isIn(roomId: string, userId: string): boolean {
    return this.socketIdsOf(userId).some((id) => this.deps.chat.adapter.sids.get(id)?.has(socketRooms.room(roomId)))
  }

  private socketIdsOf(userId: string): string[] {
    return [...(this.deps.chat.adapter.rooms.get(socketRooms.user(userId)) ?? [])]
  }

  private async readAll(): Promise<void> {
    this.isReading = true
    // Whoever is waited for at this moment is read together.
    await Promise.resolve()
    while (this.waiting.size > 0) {
      const turns = new Map([...this.waiting].slice(0, AT_ONCE))
      for (const userId of turns.keys()) this.waiting.delete(userId)
      try {
        const roomIds = await this.deps.rooms.roomIdsOfEach([...turns.keys()])
        this.carryOut(turns, roomIds)
      } catch (error) {
        this.deps.logger.warn('memberships could not be read; they are read again', { error })
        for (const [userId, turn] of turns) {
          turn.reject(error)
          this.failed.add(userId)
        }
        this.retry ??= setTimeout(() => this.readFailed(), RETRY_MS).unref()
      }
    }
    this.isReading = false
  }

  private carryOut(turns: ReadonlyMap<string, Turn>, roomIds: ReadonlyMap<string, readonly string[]>): void {
    const joined = new Map<string, string[]>()
    for (const [userId, turn] of turns) {
      const newer = this.waiting.get(userId)
      turn.resolve(newer?.applied)
      if (newer) continue
      for (const roomId of this.setRooms(userId, roomIds.get(userId) ?? [])) {
        joined.set(roomId, [...(joined.get(roomId) ?? []), userId])
      }
    }
    // One after the other: who brings in many people must not take all connections of the database.
    for (const [roomId, userIds] of joined) this.showing = this.showing.then(() => this.show(roomId, userIds))
  }

  private async show(roomId: string, userIds: readonly string[]): Promise<void> {
    const { viewsOf, chat, logger } = this.deps
    try {
      for (const [userId, data] of await viewsOf(roomId, userIds)) {
        if (this.isIn(roomId, userId)) chat.local.to(socketRooms.user(userId)).emit('roomData', data)
      }
    } catch (error) {
      // They have joined: its messages arrive, and the next heads show the room.
      logger.warn('a new room could not be shown', { error, roomId })
    }
  }

  /** Answers the rooms that connected sockets came into by it. */
  private setRooms(userId: string, roomIds: readonly string[]): Set<string> {
    const { adapter, sockets } = this.deps.chat
    const prefix = socketRooms.room('')
    const memberOf = new Set(roomIds.map(socketRooms.room))
    const [joined, left] = [new Set<string>(), new Set<string>()]
    for (const socketId of this.socketIdsOf(userId)) {
      const isIn = adapter.sids.get(socketId) ?? new Set<string>()
      const isNew = new Set([...memberOf].filter((room) => !isIn.has(room)))
      for (const room of [...isIn].filter((name) => name.startsWith(prefix) && !memberOf.has(name))) {
        void adapter.del(socketId, room)
        left.add(room.slice(prefix.length))
      }
      // The adapter, not socket.join(): a socket that is still in its handshake must not be passed over.
      void adapter.addAll(socketId, isNew)
      if (sockets.has(socketId)) for (const room of isNew) joined.add(room.slice(prefix.length))
    }
    for (const roomId of left) this.tellRemoved(userId, roomId)
    return joined
  }

  private tellRemoved(userId: string, roomId: string): void {
    this.deps.chat.local.to(socketRooms.user(userId)).emit('roomRemoved', { roomId })
  }

  private readFailed(): void {
    const userIds = [...this.failed]
    this.failed.clear()
    this.retry = undefined
    this.changed(userIds)
  }
}

/** `update` says so to who waits; what failed is in the log, and repeated. */
const isRetried = (): void => {}

function newTurn(): Turn {
  // The promise's own function is called at once.
  let [resolve, reject]: [Turn['resolve'], Turn['reject']] = [() => {}, () => {}]
  const applied = new Promise<void>((resolved, rejected) => {
    resolve = resolved
    reject = rejected
  })
  // A turn for which nobody waits must not count as an unhandled rejection.
  applied.catch(isRetried)
  return { applied, resolve, reject }
}
