import pLimit from 'p-limit'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import { EventEmitter } from '../runtime/EventEmitter'
import { isFinal, isSignedOut, limitedForMs, NoAnswer, wireFromError } from '../runtime/errors'
import { BackgroundTask } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import { personAt } from './address'
import {
  addEntry,
  allEntries,
  moveEntries,
  type OutboxEntry,
  type Step,
  type Stepped,
  stepEntry,
  takeNextEntry,
} from './database'
import {
  attempted,
  failed,
  followUp,
  hasClientIdOfAnother,
  type NewText,
  type OutgoingMessage,
  type PendingChange,
  refused,
  renewed,
  rewritten,
  shownAs,
  versionsOf,
  wasNotTaken,
  withdrawn,
} from './entries'
import { OutboxStorage, type OutboxStorageDeps } from './OutboxStorage'
import { SendLimit } from './SendLimit'
import type { TabChannel } from './tabChannel'

/** Attempts of different rooms that may be under way at once. */
const ROOMS_AT_ONCE = 4

export interface OutboxDeps extends Omit<OutboxStorageDeps, 'clock'> {
  channel: TabChannel
  /** The page has no network: nothing would arrive. */
  isCutOff(): boolean
  /** Resolves to the message as the server has it. @throws as `Transport.call` does. @param noAnswer - as there. */
  send(entry: OutboxEntry, noAnswer: () => void): Promise<ChatMessage>
  /** Resolves to the direct conversation with this person, made if need be. @throws as `Transport.call` does. */
  findRoom(personId: string): Promise<RoomData>
  createClientId(): string
}

/** What is to become of a message of the server's table. */
export type ChangeToMake =
  | ({ kind: 'edit' } & NewText)
  | { kind: 'delete' }
  | { kind: 'react'; emoji: string; on: boolean }

interface Item {
  entry: OutboxEntry
  /** Acknowledged: kept until the conversation shows the message itself, as it is now. */
  message?: ChatMessage
  /** Withdrawn here when another tab had taken it out of the storage: if it was acknowledged there, it is to be deleted. */
  isOrphan?: true
}

const waits = ({ entry, message, isOrphan }: Item): boolean =>
  entry.error === undefined && message === undefined && isOrphan === undefined

/**
 * What this person wrote, edited and deleted and the server has not acknowledged. Each is stored before its first attempt and removed after
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
  /** Changes of the storage begun in this tab: a picture of it that was asked for before one of them is out of date. */
  private writes = 0
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
    this.items.set(entry.clientId, { entry })
    this.changed.emit(entry.roomId)
    this.writes += 1
    void this.storage.write((database) => addEntry(database, entry)).then(() => this.go(entry.roomId))
  }

  /** Sends a failed message again, after those that wait already. */
  retry(clientId: string): void {
    const item = this.items.get(clientId)
    if (item?.entry.error !== undefined)
      this.sendWith(item, { text: item.entry.message, mentions: item.entry.mentions })
  }

  /**
   * Gives a message that waits or failed another text. Of one that was acknowledged meanwhile it is an edit. False when
   * there is no such message here.
   */
  rewrite(clientId: string, text: NewText): boolean {
    const item = this.items.get(clientId)
    if (item?.message !== undefined) this.change(item.message, { kind: 'edit', ...text })
    else if (item !== undefined) this.sendWith(item, text)
    return item !== undefined
  }

  /** Deletes a message that waits: it is not sent, unless the server may have it already; then it is deleted there. */
  withdraw(clientId: string): void {
    const item = this.items.get(clientId)
    if (item === undefined) return
    const { entry, message } = item
    if (message !== undefined) {
      this.change(message, { kind: 'delete' })
      return
    }
    this.items.set(clientId, { ...item, entry: { ...entry, isWithdrawn: true } })
    this.changed.emit(entry.roomId)
    void this.withdrawStored(clientId).then(() => this.go(entry.roomId))
  }

  /** Edits or deletes a message of the server's table, or reacts to it, when its turn comes. */
  change({ id, roomId }: Pick<ChatMessage, 'id' | 'roomId'>, what: ChangeToMake): void {
    this.add({
      clientId: this.deps.createClientId(),
      roomId,
      senderId: this.deps.userId,
      message: what.kind === 'edit' ? what.text : '',
      ...(what.kind === 'edit' && what.mentions !== undefined ? { mentions: what.mentions } : {}),
      change: what.kind === 'react' ? { ...what, messageId: id } : { messageId: id, kind: what.kind },
      createdAt: new Date(this.runtime.clock.now()).toISOString(),
    })
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    if (this.items.get(clientId)?.entry.error !== undefined) this.withdraw(clientId)
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
    void this.acknowledge(message.clientId, message)
    if (this.runtime.signal.aborted) return true
    if (tellOthers) this.deps.channel.post(message)
    this.acknowledged.emit(message)
    this.changed.emit(message.roomId)
    if (item.isOrphan) this.change(message, { kind: 'delete' })
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
    return this.ofRoom(roomId).flatMap(({ entry, state }) => {
      if (entry.change !== undefined || entry.isWithdrawn === true) return []
      return [shownAs(entry, state)]
    })
  }

  /** The newest message of each room that is not acknowledged. */
  newest(): Map<string, OutgoingMessage> {
    const newest = new Map<string, OutgoingMessage>()
    for (const { entry, message } of this.items.values()) {
      if (message !== undefined || entry.change !== undefined || entry.isWithdrawn === true) continue
      newest.set(entry.roomId, shownAs(entry, entry.error === undefined ? 'sending' : 'failed'))
    }
    return newest
  }

  /** Edits and deletions of messages that the conversation shows, in the order they were made. */
  changes(roomId: string): PendingChange[] {
    return this.ofRoom(roomId).flatMap(({ entry: { clientId, message, change, error, isWithdrawn }, state }) =>
      change === undefined || isWithdrawn === true ? [] : [{ clientId, ...change, message, state, error }],
    )
  }

  private ofRoom(roomId: string): { entry: OutboxEntry; state: OutgoingMessage['state'] }[] {
    const waitingState = this.troubledRooms.has(roomId) ? 'queued' : 'sending'
    return [...this.items.values()].flatMap(({ entry, message }) => {
      if (entry.roomId !== roomId) return []
      const state = entry.error !== undefined ? 'failed' : message !== undefined ? 'sending' : waitingState
      return [{ entry, state }]
    })
  }

  /** From now on it waits with this text, whatever became of it before. */
  private sendWith({ entry }: Item, text: NewText): void {
    const { clientId, roomId, error } = entry
    const next = rewritten(entry, text)
    if (error !== undefined) this.items.delete(clientId) // it goes to the end
    if (error?.code === 'CONFLICT') {
      // Its id belongs to another message: it needs a new one.
      void this.step(clientId, () => undefined)
      this.add(renewed(entry, this.deps.createClientId(), text))
      return
    }
    this.items.set(clientId, { entry: next })
    this.changed.emit(roomId)
    // It may be gone, acknowledged in another tab a moment ago: then it is sent again, and the server knows it by its id.
    const ifGone = rewritten(attempted(entry), text)
    const written = this.step(clientId, (stored) => rewritten(stored, text), ifGone)
    void written.then(() => this.go(roomId))
  }

  private async withdrawStored(clientId: string): Promise<void> {
    const { was } = await this.step(clientId, withdrawn)
    const item = this.items.get(clientId)
    if (was === undefined && item?.message !== undefined) this.change(item.message, { kind: 'delete' })
    else if (was === undefined && item !== undefined) this.items.set(clientId, { ...item, isOrphan: true })
    await this.show()
  }

  /** Takes what is stored one step on. Every change of what is there already begins here. */
  private step(clientId: string, step: Step, ifGone?: OutboxEntry): Promise<Stepped> {
    this.writes += 1
    return this.storage.use(
      (database) => stepEntry(database, clientId, step, ifGone),
      () => this.stepInMemory(clientId, step),
    )
  }

  /** Where there is no storage, what is shown is all there is. */
  private stepInMemory(clientId: string, step: Step): Stepped {
    const item = this.items.get(clientId)
    if (item === undefined) return {}
    const was = item.entry
    const is = step(was)
    if (is !== undefined && is.clientId !== clientId) {
      // What is left to be done about an acknowledged message, which is in sight until the conversation shows it.
      const { earlier: _, isWithdrawn: __, ...asAcknowledged } = was
      this.items.set(clientId, { ...item, entry: asAcknowledged })
      this.items.set(is.clientId, { entry: is })
    } else if (is !== undefined) this.items.set(clientId, { ...item, entry: is })
    else if (item.message === undefined) this.items.delete(clientId)
    return { was, is }
  }

  /** What waits in the room changed: on with it, in whichever tab. */
  private go(roomId: string): void {
    this.tellOthers()
    this.laneOf(roomId).request()
  }

  /** The server has the message; where it was edited or deleted here meanwhile, that comes next. */
  private async acknowledge(clientId: string, message: ChatMessage): Promise<void> {
    const { is: next } = await this.step(clientId, (entry) => followUp(entry, message, this.deps.createClientId))
    const item = this.items.get(clientId)
    if (item !== undefined && item.message === undefined) {
      this.items.delete(clientId)
      this.changed.emit(item.entry.roomId)
    }
    if (next === undefined) return
    await this.show()
    this.go(message.roomId)
  }

  /** Another tab changed something, or this one has just opened. */
  private async reload(): Promise<void> {
    await this.show()
    for (const roomId of new Set([...this.items.values()].map(({ entry }) => entry.roomId))) {
      this.laneOf(roomId).request()
    }
  }

  /** Makes this tab's picture that of the storage, which all tabs share. */
  private async show(): Promise<void> {
    const { writes } = this
    const stored = await this.storage.use(allEntries, () => [...this.items.values()].map(({ entry }) => entry))
    if (this.runtime.signal.aborted) return
    if (writes !== this.writes) {
      await this.show()
      return
    }
    const items = new Map<string, Item>(stored.map((entry) => [entry.clientId, { entry }]))
    for (const [clientId, item] of this.items) {
      // Anything else that is not stored was taken out by another tab.
      if (item.message !== undefined || item.isOrphan) items.set(clientId, item)
    }
    this.items = items
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
    } while (await this.storage.lock(roomId, () => this.inTurn(() => this.attempt(roomId, progress))))
  }

  /** One attempt; true when it makes sense to go on at once. */
  private async attempt(roomId: string, progress: () => void): Promise<boolean> {
    if (this.deps.isCutOff()) {
      // Not even tried, so that what is withdrawn until there is a network again leaves no trace.
      this.setTroubled(roomId, true)
      throw new NoAnswer('disconnected')
    }
    const personId = personAt(roomId)
    // A person's room comes first: until it is known nothing is sent.
    const entry = await this.take(roomId, personId === undefined ? attempted : (known) => known)
    if (entry === undefined) this.setTroubled(roomId, false)
    if (entry === undefined || this.runtime.signal.aborted) return false
    let isAnswered = true
    const noAnswer = () => {
      isAnswered = false
    }
    try {
      if (personId !== undefined) {
        await this.move(roomId, await this.deps.findRoom(personId))
        progress()
        this.setTroubled(roomId, false)
        return true
      }
      const message = await this.limit.learnFrom(() => this.sendOrHear(entry, noAnswer))
      if (entry.change !== undefined) await this.changeDone(entry, message)
      else {
        this.settle(message)
        await this.acknowledge(message.clientId, message)
      }
    } catch (error) {
      const isRefused = isAnswered && wasNotTaken(error)
      if (isSignedOut(error) || !isFinal(error)) {
        if (isRefused) await this.conclude(entry.clientId, refused)
        if (isSignedOut(error)) return false
        this.setTroubled(roomId, true)
        // A limit is no failure: the next attempt waits until it is over, however good the connection is.
        if (limitedForMs(error) !== undefined) return true
        throw error
      }
      this.runtime.log.warn('[Socket:/chat] Message failed', { roomId, code: error.code })
      await this.conclude(entry.clientId, (stored) => {
        const known = isRefused ? refused(stored) : stored
        return known && failed(known, wireFromError(error))
      })
    }
    progress()
    this.setTroubled(roomId, false)
    return true
  }

  /** What comes next, already written down as tried. */
  private async take(roomId: string, step: (entry: OutboxEntry) => OutboxEntry): Promise<OutboxEntry | undefined> {
    this.writes += 1
    const entry = await this.storage.use(
      (database) => takeNextEntry(database, roomId, step),
      () => {
        const next = [...this.items.values()].find((item) => item.entry.roomId === roomId && waits(item))
        return next && step(next.entry)
      },
    )
    const item = entry && this.items.get(entry.clientId)
    if (entry !== undefined && item !== undefined && item.message === undefined) {
      this.items.set(entry.clientId, { ...item, entry: { ...item.entry, unanswered: entry.unanswered } })
    }
    return entry
  }

  /** The room's own lane sends them, in their order. */
  private async move(from: string, data: RoomData): Promise<void> {
    if (this.runtime.signal.aborted) return
    const to = data.room.id
    for (const item of this.items.values()) {
      if (item.entry.roomId === from) item.entry = { ...item.entry, roomId: to }
    }
    this.writes += 1
    const moved = this.storage.write((database) => moveEntries(database, from, to))
    this.roomFound.emit(data)
    for (const roomId of [from, to]) this.changed.emit(roomId)
    await moved
    this.tellOthers()
    this.laneOf(to).request()
  }

  /** An attempt ended without success. */
  private async conclude(clientId: string, step: Step): Promise<void> {
    await this.step(clientId, step)
    await this.show()
    this.tellOthers()
  }

  /** Whichever comes first: the reply, or the message itself among what the room's members hear. */
  private async sendOrHear(entry: OutboxEntry, noAnswer: () => void): Promise<ChatMessage> {
    const known = this.items.get(entry.clientId)?.message
    if (known !== undefined) return known
    const heard = new Promise<ChatMessage>((resolve) => this.seen.set(entry.clientId, resolve))
    try {
      return await Promise.race([this.send(entry, noAnswer), heard])
    } finally {
      this.seen.delete(entry.clientId)
    }
  }

  /** One that was edited while it waited may be with the server as it was before: it answers to that text alone. */
  private async send(entry: OutboxEntry, noAnswer: () => void): Promise<ChatMessage> {
    const [newest, ...others] = versionsOf(entry)
    try {
      return await this.deps.send(newest, noAnswer)
    } catch (error) {
      for (const version of others) {
        if (!hasClientIdOfAnother(error)) break
        const known = await this.deps.send(version, noAnswer).catch((next: unknown) => {
          if (hasClientIdOfAnother(next)) return undefined
          throw next
        })
        if (known !== undefined) return known
      }
      throw error
    }
  }

  private async changeDone(entry: OutboxEntry, message: ChatMessage): Promise<void> {
    const item = this.items.get(entry.clientId)
    if (item !== undefined) this.items.set(entry.clientId, { ...item, message })
    await this.step(entry.clientId, () => undefined)
    if (this.runtime.signal.aborted) return
    this.tellOthers()
    this.acknowledged.emit(message)
    this.changed.emit(entry.roomId)
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
