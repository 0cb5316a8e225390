import type { ChatMessage, RoomData } from '@/contracts/chat'
import { EventEmitter } from '../runtime/EventEmitter'
import type { Runtime } from '../runtime/runtime'
import type { OutboxEntry } from './database'
import {
  attempted,
  type ChangeToMake,
  changing,
  followUp,
  type NewText,
  type OutgoingMessage,
  type PendingChange,
  renewed,
  rewritten,
  withdrawn,
} from './entries'
import { type Item, OutboxQueue } from './OutboxQueue'
import { OutboxStorage, type OutboxStorageDeps } from './OutboxStorage'
import { type Delivery, Sender } from './Sender'
import { type LimitName, SendLimit } from './SendLimit'
import type { TabChannel } from './tabChannel'

export interface OutboxDeps extends Omit<OutboxStorageDeps, 'clock'>, Delivery {
  channel: TabChannel
  createClientId(): string
}

/**
 * What this person wrote, edited and deleted and the server has not acknowledged. Each is stored before its first attempt and
 * removed after its acknowledgement; what is left after a crash goes out at the next visit. `OutboxQueue` keeps it, `Sender`
 * sends it.
 */
export class Outbox {
  /** Acknowledged, in this tab or another. */
  readonly acknowledged = new EventEmitter<[ChatMessage]>()
  /** What was addressed to a person goes to this room from now on. */
  readonly roomFound = new EventEmitter<[RoomData]>()
  /** As `OutboxQueue.changed`. */
  readonly changed: OutboxQueue['changed']
  readonly limits: Readonly<Record<LimitName, SendLimit>>
  private readonly storage: OutboxStorage
  private readonly queue: OutboxQueue
  private readonly sender: Sender

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: OutboxDeps,
  ) {
    const limit = (of: LimitName) => new SendLimit(runtime, (known) => deps.channel.post({ limit: known, of }))
    this.limits = { messages: limit('messages'), changes: limit('changes'), rooms: limit('rooms') }
    this.storage = new OutboxStorage({ ...deps, clock: runtime.clock }, () => this.changed.emit(undefined))
    this.queue = new OutboxQueue(this.storage, runtime.signal)
    this.changed = this.queue.changed
    this.sender = new Sender(runtime, {
      delivery: deps,
      queue: this.queue,
      limits: this.limits,
      storage: this.storage,
      acknowledged: this.acknowledged,
      done: (entry, message) => this.done(entry, message),
      found: (address, data) => this.found(address, data),
      tellOthers: () => this.tellOthers(),
    })
  }

  /** Messages that wait for acknowledgement, in all tabs. */
  get waiting(): number {
    return this.queue.waiting
  }

  get storageWarning(): string | undefined {
    return this.storage.warning
  }

  start(): void {
    const { channel } = this.deps
    channel.on((news) => {
      if (news === 'changed') void this.reload()
      else if ('limit' in news) this.limits[news.of].adopt(news.limit)
      else this.settle(news, false)
    })
    this.runtime.wake.on(() => {
      for (const limit of Object.values(this.limits)) limit.check()
      this.sender.hurry()
    })
    this.runtime.signal.addEventListener('abort', () => {
      channel.close()
      this.storage.close()
    })
    void this.reload()
  }

  /**
   * The server warned this tab of one of its limits; it does not say of which. Of messages where only such are under way:
   * a warning that is missed comes again with the next one.
   */
  warn(remaining: number): void {
    const { messages, changes, rooms } = this.limits
    if (!changes.isUnderWay && !rooms.isUnderWay) messages.warn(remaining)
  }

  /** Shows it at once, stores it, and sends it when its turn comes. */
  add(entry: OutboxEntry): void {
    void this.queue.add(entry).then(() => this.go(entry.roomId))
  }

  /** Sends a failed message again, after those that wait already. */
  retry(clientId: string): void {
    const item = this.queue.get(clientId)
    if (item?.entry.error !== undefined)
      this.sendWith(item, { text: item.entry.message, mentions: item.entry.mentions })
  }

  /**
   * Gives a message that waits or failed another text. Of one that was acknowledged meanwhile it is an edit. False when
   * there is no such message here.
   */
  rewrite(clientId: string, text: NewText): boolean {
    const item = this.queue.get(clientId)
    if (item?.message !== undefined) this.change(item.message, { kind: 'edit', ...text })
    else if (item !== undefined) this.sendWith(item, text)
    return item !== undefined
  }

  /** Deletes a message that waits: it is not sent, unless the server may have it already; then it is deleted there. */
  withdraw(clientId: string): void {
    const item = this.queue.get(clientId)
    if (item === undefined) return
    const { entry, message } = item
    if (message !== undefined) {
      this.change(message, { kind: 'delete' })
      return
    }
    this.queue.show({ ...item, entry: { ...entry, isWithdrawn: true } })
    this.changed.emit(entry.roomId)
    void this.withdrawWritten(clientId).then(() => this.go(entry.roomId))
  }

  /** Edits or deletes a message of the server's table, or reacts to it, when its turn comes. */
  change({ id, roomId }: Pick<ChatMessage, 'id' | 'roomId'>, what: ChangeToMake): void {
    const { createClientId, userId } = this.deps
    const createdAt = new Date(this.runtime.clock.now()).toISOString()
    this.add(changing(id, what, { clientId: createClientId(), roomId, senderId: userId, createdAt }))
  }

  /** Forgets a failed message. */
  discard(clientId: string): void {
    if (this.queue.get(clientId)?.entry.error !== undefined) this.withdraw(clientId)
  }

  /**
   * A message was seen in the server's table: if it waits here, it is acknowledged, whatever became of the reply. True when
   * that is news; `acknowledged` has then been emitted.
   */
  settle(message: ChatMessage, tellOthers = true): boolean {
    const item = this.queue.get(message.clientId)
    if (item === undefined || item.message !== undefined || message.senderId !== this.deps.userId) return false
    this.queue.show({ ...item, message })
    void this.removeWritten(message)
    if (this.runtime.signal.aborted) return true
    if (tellOthers) this.deps.channel.post(message)
    this.acknowledged.emit(message)
    this.changed.emit(message.roomId)
    if (item.isOrphan) this.change(message, { kind: 'delete' })
    return true
  }

  /** The conversation shows these messages itself now, or never will. */
  release(isShown: (message: ChatMessage) => boolean): void {
    for (const { entry, message } of this.queue.all()) {
      if (message !== undefined && isShown(message)) this.queue.drop(entry.clientId)
    }
  }

  /** As `OutboxQueue` has them. */
  outgoing(roomId: string): OutgoingMessage[] {
    return this.queue.outgoing(roomId)
  }

  changes(roomId: string): PendingChange[] {
    return this.queue.changes(roomId)
  }

  newest(): Map<string, OutgoingMessage> {
    return this.queue.newest()
  }

  /** From now on it waits with this text, whatever became of it before. */
  private sendWith({ entry }: Item, text: NewText): void {
    const { clientId, roomId, error } = entry
    if (error !== undefined) this.queue.drop(clientId) // it goes to the end
    if (error?.code === 'CONFLICT') {
      // Its id belongs to another message: it needs a new one.
      void this.queue.step(clientId, () => undefined)
      this.add(renewed(entry, this.deps.createClientId(), text))
      return
    }
    this.queue.show({ entry: rewritten(entry, text) })
    this.changed.emit(roomId)
    // It may be gone, acknowledged in another tab a moment ago: then it is sent again, and the server knows it by its id.
    const ifGone = rewritten(attempted(entry), text)
    void this.queue.step(clientId, (written) => rewritten(written, text), ifGone).then(() => this.go(roomId))
  }

  private async withdrawWritten(clientId: string): Promise<void> {
    const { was } = await this.queue.step(clientId, withdrawn)
    const item = this.queue.get(clientId)
    if (was === undefined && item?.message !== undefined) this.change(item.message, { kind: 'delete' })
    else if (was === undefined && item !== undefined) this.queue.show({ ...item, isOrphan: true })
    await this.queue.reload()
  }

  /** What waits in the room changed: on with it, in whichever tab. */
  private go(roomId: string): void {
    this.tellOthers()
    this.sender.request(roomId)
  }

  private async done(entry: OutboxEntry, message: ChatMessage): Promise<void> {
    if (entry.change === undefined) {
      this.settle(message)
      await this.removeWritten(message)
      return
    }
    const item = this.queue.get(entry.clientId)
    if (item !== undefined) this.queue.show({ ...item, message })
    await this.queue.step(entry.clientId, () => undefined)
    if (this.runtime.signal.aborted) return
    this.tellOthers()
    this.acknowledged.emit(message)
    this.changed.emit(entry.roomId)
  }

  /** The server has the message; where it was edited or deleted here meanwhile, that comes next. */
  private async removeWritten(message: ChatMessage): Promise<void> {
    const { clientId, roomId } = message
    const { is: next } = await this.queue.step(clientId, (entry) => followUp(entry, message, this.deps.createClientId))
    const item = this.queue.get(clientId)
    if (item !== undefined && item.message === undefined) {
      this.queue.drop(clientId)
      this.changed.emit(item.entry.roomId)
    }
    if (next === undefined) return
    await this.queue.reload()
    this.go(roomId)
  }

  private async found(address: string, data: RoomData): Promise<void> {
    if (this.runtime.signal.aborted) return
    const moved = this.queue.move(address, data.room.id)
    this.roomFound.emit(data)
    await moved
    this.go(data.room.id)
  }

  /** Another tab changed something, or this one has just opened. */
  private async reload(): Promise<void> {
    await this.queue.reload()
    for (const roomId of new Set(this.queue.all().map(({ entry }) => entry.roomId))) this.sender.request(roomId)
  }

  private tellOthers(): void {
    if (!this.runtime.signal.aborted) this.deps.channel.post('changed')
  }
}
