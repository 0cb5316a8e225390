import pLimit from 'p-limit'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import { EventEmitter } from '../runtime/EventEmitter'
import { isFinal, isSignedOut, limitedForMs, wireFromError } from '../runtime/errors'
import { BackgroundTask } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import { personAt } from './address'
import { addEntry, allEntries, failEntry, moveEntries, nextEntry, type OutboxEntry, removeEntry } from './database'
import { OutboxStorage, type OutboxStorageDeps } from './OutboxStorage'
import { SendLimit } from './SendLimit'
import type { TabChannel } from './tabChannel'

/** Attempts of different rooms that may be under way at once. */
const ROOMS_AT_ONCE = 4

/** A message of one's own that is not acknowledged yet. */
export interface OutgoingMessage {
  clientId: string
  roomId: string
  message: string
  /** ISO 8601, by the page's clock. */
  createdAt: string
  state: 'queued' | 'sending' | 'failed'
  /** Why it failed for good; only with `failed`. */
  error: WireError | undefined
}

export interface OutboxDeps extends Omit<OutboxStorageDeps, 'clock'> {
  channel: TabChannel
  /** Resolves to the stored message. @throws as `Transport.call` does. */
  send(entry: OutboxEntry): Promise<ChatMessage>
  /** Resolves to the direct conversation with this person, made if need be. @throws as `Transport.call` does. */
  findRoom(personId: string): Promise<RoomData>
  createClientId(): string
}

interface Item {
  entry: OutboxEntry
  /** Acknowledged: kept until the conversation shows the message itself. */
  message?: ChatMessage
  /** In the storage, as far as this tab knows. */
  stored: boolean
}

const waits = ({ entry, message }: Item): boolean => entry.error === undefined && message === undefined

/**
 * Messages of this person that the server has not acknowledged. Each is stored before its first attempt and removed after
 * its acknowledgement; what is left after a crash goes out at the next visit. Of each room the oldest is sent until it is
 * acknowledged or has failed for good, then the next, by one tab at a time. A tab holds the lock for one attempt and not
 * while it waits, so one that falls asleep blocks nobody for long.
 */
export class Outbox {
  /** What waits or failed in a room changed; undefined: in any. */
  readonly changed = new EventEmitter<[roomId: string | undefined]>()
  /** Acknowledged, in this tab or another. */
  readonly acknowledged = new EventEmitter<[ChatMessage]>()
  /** What was addressed to a person goes to this room from now on. */
  readonly roomFound = new EventEmitter<[RoomData]>()
  readonly limit: SendLimit
  /** In the order typed. */
  private items = new Map<string, Item>()
  /** What sends the messages of a room. */
  private readonly lanes = new Map<string, BackgroundTask>()
  /** Rooms whose last attempt failed for now. */
  private readonly troubledRooms = new Set<string>()
  private readonly seen = new Map<string, (message: ChatMessage) => void>()
  private readonly storage: OutboxStorage
  private readonly inTurn = pLimit(ROOMS_AT_ONCE)

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: OutboxDeps,
  ) {
    this.limit = new SendLimit(runtime, (limit) => deps.channel.post({ limit }))
    this.storage = new OutboxStorage({ ...deps, clock: runtime.clock }, () => this.changed.emit(undefined))
  }

  /** Messages that wait for acknowledgement, in all tabs. */
  get waiting(): number {
    return [...this.items.values()].filter(waits).length
  }

  get storageWarning(): string | undefined {
    return this.storage.warning
  }

  start(): void {
    const { channel } = this.deps
    channel.on((news) => {
      if (news === 'changed') void this.reload()
      else if ('limit' in news) this.limit.adopt(news.limit)
      else this.settle(news, false)
    })
    this.runtime.wake.on(() => {
      this.limit.check()
      for (const lane of this.lanes.values()) lane.request()
    })
    this.runtime.signal.addEventListener('abort', () => {
      channel.close()
      this.storage.close()
    })
    void this.reload()
  }

  /** Shows it at once, stores it, and sends it when its turn comes. */
  add(entry: OutboxEntry): void {
    this.items.set(entry.clientId, { entry, stored: false })
    this.changed.emit(entry.roomId)
    void this.store(entry)
  }

  /** Sends a failed message again, after those that wait already. */
  retry(clientId: string): void {
    const failed = this.items.get(clientId)?.entry
    if (failed?.error === undefined) return
    const { error, ...entry } = failed
    this.items.delete(clientId)
    if (error.code !== 'CONFLICT') {
      this.add(entry)
      return
    }
    // Its id belongs to another message: it needs a new one.
    void this.remove(clientId)
    this.add({ ...entry, clientId: this.deps.createClientId() })
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    const failed = this.items.get(clientId)?.entry
    if (failed?.error === undefined) return
    this.items.delete(clientId)
    this.changed.emit(failed.roomId)
    void this.remove(clientId).then(() => this.tellOthers())
  }

  /**
   * A message was seen in the server's table: if it waits here, it is acknowledged, whatever became of the reply. True when
   * that is news; `acknowledged` has then been emitted.
   */
  settle(message: ChatMessage, tellOthers = true): boolean {
    const item = this.items.get(message.clientId)
    if (item === undefined || item.message !== undefined || message.senderId !== this.deps.userId) return false
    this.items.set(message.clientId, { ...item, message })
    this.seen.get(message.clientId)?.(message)
    void this.remove(message.clientId)
    if (this.runtime.signal.aborted) return true
    if (tellOthers) this.deps.channel.post(message)
    this.acknowledged.emit(message)
    this.changed.emit(message.roomId)
    return true
  }

  /** The conversation shows these messages itself now, or never will. */
  release(isShown: (message: ChatMessage) => boolean): void {
    for (const [clientId, { message }] of this.items) {
      if (message !== undefined && isShown(message)) this.items.delete(clientId)
    }
  }

  /** In the order they were typed, with those acknowledged but not shown yet. */
  outgoing(roomId: string): OutgoingMessage[] {
    const waitingState = this.troubledRooms.has(roomId) ? 'queued' : 'sending'
    return [...this.items.values()].flatMap(({ entry, message }) => {
      if (entry.roomId !== roomId) return []
      const { error, senderId: _senderId, ...shown } = entry
      const state = error !== undefined ? 'failed' : message !== undefined ? 'sending' : waitingState
      return [{ ...shown, state, error }]
    })
  }

  /** The newest message of each room that is not acknowledged. */
  newest(): Map<string, OutgoingMessage> {
    const newest = new Map<string, OutgoingMessage>()
    for (const { entry, message } of this.items.values()) {
      if (message !== undefined) continue
      const { error, senderId: _senderId, ...shown } = entry
      newest.set(entry.roomId, { ...shown, state: error === undefined ? 'sending' : 'failed', error })
    }
    return newest
  }

  private async store(entry: OutboxEntry): Promise<void> {
    const stored = await this.storage.write((database) => addEntry(database, entry))
    // Once more: meanwhile another tab's news may have made this tab read the storage as it was before.
    if (this.items.get(entry.clientId)?.message === undefined) this.items.set(entry.clientId, { entry, stored })
    this.changed.emit(entry.roomId)
    this.tellOthers()
    this.laneOf(entry.roomId).request()
  }

  private async remove(clientId: string): Promise<void> {
    await this.storage.write((database) => removeEntry(database, clientId))
    const item = this.items.get(clientId)
    if (item === undefined || item.message !== undefined) return
    this.items.delete(clientId)
    this.changed.emit(item.entry.roomId)
  }

  /** Makes this tab's picture that of the storage, which all tabs share. */
  private async reload(): Promise<void> {
    const stored = await this.storage.use(allEntries, () => [...this.items.values()].map(({ entry }) => entry))
    if (this.runtime.signal.aborted) return
    const items = new Map<string, Item>()
    for (const entry of stored) {
      const message = this.items.get(entry.clientId)?.message
      items.set(entry.clientId, message === undefined ? { entry, stored: true } : { entry, message, stored: true })
    }
    for (const [clientId, item] of this.items) {
      const wasRemovedElsewhere = item.stored && item.message === undefined
      if (!items.has(clientId) && !wasRemovedElsewhere) items.set(clientId, item)
    }
    this.items = items
    for (const roomId of new Set(stored.map((entry) => entry.roomId))) this.laneOf(roomId).request()
    this.changed.emit(undefined)
  }

  private laneOf(roomId: string): BackgroundTask {
    const lane = this.lanes.get(roomId) ?? new BackgroundTask((progress) => this.drain(roomId, progress), this.runtime)
    this.lanes.set(roomId, lane)
    return lane
  }

  /** Sends what waits for the room, one after the other. @throws what an attempt failed with for now. */
  private async drain(roomId: string, progress: () => void): Promise<void> {
    do {
      await this.limit.open()
      // Where another tab took the lock over this rejects: that tab may have sent the message, so look again later.
    } while (await this.storage.lock(roomId, () => this.attempt(roomId, progress)))
  }

  /** One attempt; true when it makes sense to go on at once. */
  private async attempt(roomId: string, progress: () => void): Promise<boolean> {
    const entry = await this.storage.use(
      (database) => nextEntry(database, roomId),
      () => [...this.items.values()].find((item) => item.entry.roomId === roomId && waits(item))?.entry,
    )
    if (entry === undefined || this.runtime.signal.aborted) return false
    try {
      const personId = personAt(roomId)
      if (personId !== undefined) {
        await this.move(roomId, await this.inTurn(() => this.deps.findRoom(personId)))
        progress()
        this.setTroubled(roomId, false)
        return true
      }
      const message = await this.inTurn(() => this.limit.learnFrom(() => this.sendOrHear(entry)))
      this.settle(message)
      await this.remove(message.clientId)
    } catch (error) {
      if (isSignedOut(error)) return false
      if (!isFinal(error)) {
        this.setTroubled(roomId, true)
        // A limit is no failure: the next attempt waits until it is over, however good the connection is.
        if (limitedForMs(error) !== undefined) return true
        throw error
      }
      await this.fail(entry, wireFromError(error))
    }
    progress()
    this.setTroubled(roomId, false)
    return true
  }

  /** Whichever comes first: the reply, or the message itself among what the room's members hear. */
  private async sendOrHear(entry: OutboxEntry): Promise<ChatMessage> {
    const known = this.items.get(entry.clientId)?.message
    if (known !== undefined) return known
    const heard = new Promise<ChatMessage>((resolve) => this.seen.set(entry.clientId, resolve))
    try {
      return await Promise.race([this.deps.send(entry), heard])
    } finally {
      this.seen.delete(entry.clientId)
    }
  }

  /** The room's own lane sends them, in their order. */
  private async move(from: string, data: RoomData): Promise<void> {
    if (this.runtime.signal.aborted) return
    const to = data.room.id
    for (const item of this.items.values()) {
      if (item.entry.roomId === from) item.entry = { ...item.entry, roomId: to }
    }
    const moved = this.storage.write((database) => moveEntries(database, from, to))
    this.roomFound.emit(data)
    for (const roomId of [from, to]) this.changed.emit(roomId)
    await moved
    this.tellOthers()
    this.laneOf(to).request()
  }

  private async fail(entry: OutboxEntry, error: WireError): Promise<void> {
    this.runtime.log.warn('[Socket:/chat] Message failed', { roomId: entry.roomId, code: error.code })
    await this.storage.write((database) => failEntry(database, entry.clientId, error))
    const item = this.items.get(entry.clientId)
    if (item === undefined || item.message !== undefined) return
    this.items.set(entry.clientId, { ...item, entry: { ...entry, error } })
    this.changed.emit(entry.roomId)
    this.tellOthers()
  }

  private setTroubled(roomId: string, troubled: boolean): void {
    if (troubled === this.troubledRooms.has(roomId)) return
    if (troubled) this.troubledRooms.add(roomId)
    else this.troubledRooms.delete(roomId)
    this.changed.emit(roomId)
  }

  private tellOthers(): void {
    if (!this.runtime.signal.aborted) this.deps.channel.post('changed')
  }
}
