import type { ChatMessage } from '@/contracts/chat'
import { EventEmitter } from '../runtime/EventEmitter'
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
import { type OutgoingMessage, type PendingChange, shownAs } from './entries'
import type { OutboxStorage } from './OutboxStorage'

/** An entry of this page's queue, and what is known of it here. */
export interface Item {
  entry: OutboxEntry
  /** Acknowledged: kept until the conversation shows the message itself, as it is now. */
  message?: ChatMessage
  /** Withdrawn here when another tab had taken it out of the storage: if it was acknowledged there, it is to be deleted. */
  isOrphan?: true
}

const waits = ({ entry, message, isOrphan }: Item): boolean =>
  entry.error === undefined && message === undefined && isOrphan === undefined

/**
 * What is not acknowledged, in the order typed: in the storage, which all tabs share, and as this tab shows it. What is done
 * in this tab is shown at once (`show`, `drop`), and written (`add`, `step`, `take`, `move`); `reload` shows what is written.
 */
export class OutboxQueue {
  /** What waits or failed in a room changed; undefined: in any. */
  readonly changed = new EventEmitter<[roomId: string | undefined]>()
  private shown = new Map<string, Item>()
  /** Rooms whose last attempt failed for now. */
  private readonly troubled = new Set<string>()
  /** Changes of the storage begun in this tab: what was read before one of them is out of date. */
  private writes = 0

  constructor(
    private readonly storage: OutboxStorage,
    private readonly signal: AbortSignal,
  ) {}

  /** Messages that wait for acknowledgement, in all tabs. */
  get waiting(): number {
    return this.all().filter(waits).length
  }

  /** In the order they were typed, with those acknowledged but not shown yet. */
  outgoing(roomId: string): OutgoingMessage[] {
    return this.ofRoom(roomId).flatMap(({ entry, state }) =>
      entry.change === undefined ? [shownAs(entry, state)] : [],
    )
  }

  /** Edits and deletions of messages that the conversation shows, in the order they were made. */
  changes(roomId: string): PendingChange[] {
    return this.ofRoom(roomId).flatMap(({ entry: { clientId, message, mentions, change, error }, state }) =>
      change === undefined ? [] : [{ clientId, ...change, message, mentions, state, error }],
    )
  }

  /** The newest message of each room that is not acknowledged. */
  newest(): Map<string, OutgoingMessage> {
    const newest = new Map<string, OutgoingMessage>()
    for (const { entry, message } of this.all()) {
      if (message !== undefined || entry.change !== undefined || entry.isWithdrawn === true) continue
      newest.set(entry.roomId, shownAs(entry, entry.error === undefined ? 'sending' : 'failed'))
    }
    return newest
  }

  private ofRoom(roomId: string): { entry: OutboxEntry; state: OutgoingMessage['state'] }[] {
    const waitingState = this.troubled.has(roomId) ? 'queued' : 'sending'
    return this.all().flatMap(({ entry, message }) => {
      if (entry.roomId !== roomId || entry.isWithdrawn === true) return []
      const state = entry.error !== undefined ? 'failed' : message !== undefined ? 'sending' : waitingState
      return [{ entry, state }]
    })
  }

  /** The last attempt in the room failed for now; or it did not. */
  setTroubled(roomId: string, troubled: boolean): void {
    if (troubled === this.troubled.has(roomId)) return
    if (troubled) this.troubled.add(roomId)
    else this.troubled.delete(roomId)
    this.changed.emit(roomId)
  }

  get(clientId: string): Item | undefined {
    return this.shown.get(clientId)
  }

  all(): Item[] {
    return [...this.shown.values()]
  }

  show(item: Item): void {
    this.shown.set(item.entry.clientId, item)
  }

  drop(clientId: string): void {
    this.shown.delete(clientId)
  }

  async add(entry: OutboxEntry): Promise<void> {
    this.show({ entry })
    this.changed.emit(entry.roomId)
    this.writes += 1
    await this.storage.write((database) => addEntry(database, entry))
  }

  /** Takes what is written one step on. `ifGone` is added where it is gone. */
  step(clientId: string, step: Step, ifGone?: OutboxEntry): Promise<Stepped> {
    this.writes += 1
    return this.storage.use(
      (database) => stepEntry(database, clientId, step, ifGone),
      () => this.stepInMemory(clientId, step),
    )
  }

  /** What comes next in the room, after this step. */
  async take(roomId: string, step: (entry: OutboxEntry) => OutboxEntry): Promise<OutboxEntry | undefined> {
    this.writes += 1
    const entry = await this.storage.use(
      (database) => takeNextEntry(database, roomId, step),
      () => {
        const next = this.all().find((item) => item.entry.roomId === roomId && waits(item))
        return next && step(next.entry)
      },
    )
    const item = entry && this.get(entry.clientId)
    if (entry !== undefined && item !== undefined && item.message === undefined) {
      this.show({ ...item, entry: { ...item.entry, unanswered: entry.unanswered } })
    }
    return entry
  }

  /** What was addressed to a person goes to this room from now on. */
  async move(from: string, to: string): Promise<void> {
    for (const item of this.all()) {
      if (item.entry.roomId === from) this.show({ ...item, entry: { ...item.entry, roomId: to } })
    }
    this.writes += 1
    const written = this.storage.write((database) => moveEntries(database, from, to))
    for (const roomId of [from, to]) this.changed.emit(roomId)
    await written
  }

  /** Shows what is written. */
  async reload(): Promise<void> {
    const { writes } = this
    const written = await this.storage.use(allEntries, () => this.all().map(({ entry }) => entry))
    if (this.signal.aborted) return
    if (writes !== this.writes) {
      await this.reload()
      return
    }
    // Anything else that is not written was taken out by another tab.
    const kept = this.all().filter(({ message, isOrphan }) => message !== undefined || isOrphan)
    this.shown = new Map(written.map((entry) => [entry.clientId, { entry }]))
    for (const item of kept) this.show(item)
    this.changed.emit(undefined)
  }

  /** Where there is no storage, what is shown is all there is. */
  private stepInMemory(clientId: string, step: Step): Stepped {
    const item = this.get(clientId)
    if (item === undefined) return {}
    const was = item.entry
    const is = step(was)
    if (is !== undefined && is.clientId !== clientId) {
      // What is left to be done about an acknowledged message, which is in sight until the conversation shows it.
      const { earlier: _, isWithdrawn: __, ...asAcknowledged } = was
      this.show({ ...item, entry: asAcknowledged })
      this.show({ entry: is })
    } else if (is !== undefined) this.show({ ...item, entry: is })
    else if (item.message === undefined) this.drop(clientId)
    return { was, is }
  }
}
