import type { ChatMessage } from '@/contracts/chat'
import type { AppError, WireError } from '@/contracts/errors'
import type { OutgoingMessage } from '../chat/view'
import type { Clock, Random } from '../transport/clock'
import { wireFromError } from '../transport/errors'
import type { ClientLog } from '../transport/ports'
import { Signal } from '../transport/Signal'
import type { TabChannel } from '../transport/tabChannel'
import { Outbox, type OutboxDeps } from './Outbox'
import type { OutboxEntry } from './OutboxStore'
import { RoomSender } from './RoomSender'
import { SendLimit } from './SendLimit'
import { createTurns } from './turns'

/** Attempts of different rooms that may be under way at once. */
const roomsAtOnce = 4

export interface OfflineQueueDeps extends Omit<OutboxDeps, 'clock'> {
  clock: Clock
  random: Random
  log: ClientLog
  channel: TabChannel
  /** Up the ladder: rejects with AppError when the server said no, with another Error when nothing answered. */
  send(entry: OutboxEntry): Promise<ChatMessage>
  createClientId(): string
}

interface Item {
  entry: OutboxEntry
  /** Acknowledged: kept until the conversation shows the message itself. */
  message?: ChatMessage
  /** In the storage, as far as this tab knows. */
  stored: boolean
}

/**
 * Messages of this person that the server has not acknowledged. Each is stored before its first attempt and removed after
 * its acknowledgement; what is left after a crash goes out at the next visit.
 */
export class OfflineQueue {
  /** What waits or failed in a room changed; undefined: in any. */
  readonly changed = new Signal<[roomId: string | undefined]>()
  /** Acknowledged, in this tab or another. */
  readonly acknowledged = new Signal<[ChatMessage]>()
  readonly limit: SendLimit
  private items = new Map<string, Item>()
  private readonly senders = new Map<string, RoomSender>()
  private readonly troubledRooms = new Set<string>()
  private readonly seen = new Map<string, (message: ChatMessage) => void>()
  private readonly outbox: Outbox
  private readonly inTurn = createTurns(roomsAtOnce)
  private stopped = false

  constructor(private readonly deps: OfflineQueueDeps) {
    this.limit = new SendLimit(deps)
    this.outbox = new Outbox(
      deps,
      () => this.changed.emit(undefined),
      () => [...this.items.values()].flatMap(({ entry, message }) => (message === undefined ? [entry] : [])),
    )
  }

  /** Messages that wait for acknowledgement, in all tabs. */
  get waiting(): number {
    let waiting = 0
    for (const { entry, message } of this.items.values()) {
      if (entry.error === undefined && message === undefined) waiting += 1
    }
    return waiting
  }

  get storageWarning(): string | undefined {
    return this.outbox.warning
  }

  start(): void {
    this.limit.start()
    this.deps.channel.onChanged(() => void this.reload())
    this.deps.channel.onSent((message) => void this.settle(message, false))
    void this.reload()
  }

  stop(): void {
    this.stopped = true
    for (const sender of this.senders.values()) sender.stop()
    this.limit.stop()
    this.deps.channel.close()
    this.outbox.close()
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
    void this.remove(clientId).then(() => {
      if (!this.stopped) this.deps.channel.postChanged()
    })
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
    if (tellOthers && !this.stopped) this.deps.channel.postSent(message)
    void this.remove(message.clientId)
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

  /** Something works again: what waits is tried now. */
  hurry(): void {
    this.limit.check()
    for (const sender of this.senders.values()) sender.hurry()
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

  private async store(entry: OutboxEntry): Promise<void> {
    await this.outbox.use((store) => store.add(entry))
    // Once more: meanwhile another tab's news may have made this tab read the storage as it was before.
    if (this.items.get(entry.clientId)?.message === undefined) this.items.set(entry.clientId, { entry, stored: true })
    this.changed.emit(entry.roomId)
    if (this.stopped) return
    this.deps.channel.postChanged()
    this.senderOf(entry.roomId).kick()
  }

  private async remove(clientId: string): Promise<void> {
    await this.outbox.use((store) => store.remove(clientId))
    const item = this.items.get(clientId)
    if (item === undefined || item.message !== undefined) return
    this.items.delete(clientId)
    this.changed.emit(item.entry.roomId)
  }

  /** Makes this tab's picture that of the storage, which all tabs share. */
  private async reload(): Promise<void> {
    const stored = await this.outbox.use((store) => store.all())
    if (this.stopped) return
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
    for (const roomId of new Set(stored.map((entry) => entry.roomId))) this.senderOf(roomId).kick()
    this.changed.emit(undefined)
  }

  private senderOf(roomId: string): RoomSender {
    const known = this.senders.get(roomId)
    if (known !== undefined) return known
    const sender = new RoomSender(roomId, {
      outbox: this.outbox,
      clock: this.deps.clock,
      random: this.deps.random,
      limit: this.limit,
      inTurn: this.inTurn,
      send: (entry) => this.limit.learnFrom(() => this.send(entry)),
      sent: async (message) => {
        this.settle(message)
        await this.remove(message.clientId)
      },
      failed: (entry, error) => this.fail(entry, error),
      troubled: (troubled) => this.setTroubled(roomId, troubled),
    })
    this.senders.set(roomId, sender)
    return sender
  }

  /** Whichever comes first: the reply, or the message itself among what the room's members hear. */
  private async send(entry: OutboxEntry): Promise<ChatMessage> {
    const known = this.items.get(entry.clientId)?.message
    if (known !== undefined) return known
    const heard = new Promise<ChatMessage>((resolve) => this.seen.set(entry.clientId, resolve))
    try {
      return await Promise.race([this.deps.send(entry), heard])
    } finally {
      this.seen.delete(entry.clientId)
    }
  }

  private async fail(entry: OutboxEntry, error: AppError): Promise<void> {
    const wire: WireError = wireFromError(error)
    this.deps.log.warn('[Socket:/chat] Message failed', { roomId: entry.roomId, code: wire.code })
    await this.outbox.use((store) => store.fail(entry.clientId, wire))
    const item = this.items.get(entry.clientId)
    if (item === undefined || item.message !== undefined) return
    this.items.set(entry.clientId, { ...item, entry: { ...entry, error: wire } })
    this.changed.emit(entry.roomId)
    if (!this.stopped) this.deps.channel.postChanged()
  }

  private setTroubled(roomId: string, troubled: boolean): void {
    if (troubled === this.troubledRooms.has(roomId)) return
    if (troubled) this.troubledRooms.add(roomId)
    else this.troubledRooms.delete(roomId)
    this.changed.emit(roomId)
  }
}
