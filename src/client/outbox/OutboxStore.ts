import type { WireError } from '@/contracts/errors'

/** A message that is kept until the server has acknowledged it. */
export interface OutboxEntry {
  clientId: string
  roomId: string
  /** The account it was typed in: the server refuses it for any other. */
  senderId: string
  message: string
  /** ISO 8601, by the page's clock. */
  createdAt: string
  /** Set once it has failed for good. */
  error?: WireError | undefined
}

/** Where waiting messages are kept. Every method rejects when the storage is refused. */
export interface OutboxStore {
  /** In the order they were added. */
  all(): Promise<OutboxEntry[]>
  /** The oldest one of the room that has not failed. */
  next(roomId: string): Promise<OutboxEntry | undefined>
  /** Adds at the end. */
  add(entry: OutboxEntry): Promise<void>
  /** Marks as failed for good; nothing happens when it is gone. */
  fail(clientId: string, error: WireError): Promise<void>
  remove(clientId: string): Promise<void>
  close(): void
}

/** Keeps them while the page lives: for browsers that refuse IndexedDB. */
export class MemoryOutboxStore implements OutboxStore {
  private entries: OutboxEntry[]

  constructor(entries: OutboxEntry[] = []) {
    this.entries = [...entries]
  }

  async all(): Promise<OutboxEntry[]> {
    return this.entries
  }

  async next(roomId: string): Promise<OutboxEntry | undefined> {
    return this.entries.find((entry) => entry.roomId === roomId && entry.error === undefined)
  }

  async add(entry: OutboxEntry): Promise<void> {
    this.entries = [...this.entries.filter(({ clientId }) => clientId !== entry.clientId), entry]
  }

  async fail(clientId: string, error: WireError): Promise<void> {
    this.entries = this.entries.map((entry) => (entry.clientId === clientId ? { ...entry, error } : entry))
  }

  async remove(clientId: string): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.clientId !== clientId)
  }

  close(): void {}
}
