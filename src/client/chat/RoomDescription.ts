import * as z from 'zod/mini'
import type { ChatMessage, Participant, Room } from '@/contracts/chat'
import { GroupRole } from '@/contracts/chatShapes'
import { limits } from '@/contracts/limits'

/** What a room is beside its messages and counters: its name and picture, who is in it, what one prefers, its latest message. */
export class RoomDescription {
  participants: Participant[] = []
  /** Somebody came, or wrote, whose name is not known. */
  hasStrangers = false
  /** The `rev` of the latest message that tells of a change of the room or of who is in it. */
  toldRev = 0
  /** The room's `lastRev` when it was last described: what is said of it only grows newer. */
  private describedAt: number

  /** @param row - its counters count no more: the timeline keeps those. */
  constructor(public row: Room) {
    this.describedAt = row.lastRev
  }

  /** A message told of a change, and what the room is since then is not known. */
  get isLate(): boolean {
    return this.describedAt < this.toldRev
  }

  /** Begins anew with what the server says. */
  reset(row: Room): void {
    this.row = row
    this.describedAt = row.lastRev
  }

  /** What is said of the room; its latest message is known better here. */
  describe(row: Room): void {
    if (row.lastRev < this.describedAt) return
    this.describedAt = row.lastRev
    const { lastMessage: _, ...described } = row
    const { lastMessage, updatedAt } = this.row
    this.row = { ...described, updatedAt, ...(lastMessage && { lastMessage }) }
  }

  /** Of a large room the participants that are read are a part, so those known before stay. */
  addKnown(participants: readonly Participant[]): Participant[] {
    const read = new Set(participants.map(({ id }) => id))
    const isPart = this.row.memberCount > limits.participantsPage
    return [...participants, ...(isPart ? this.participants.filter(({ id }) => !read.has(id)) : [])]
  }

  /** Takes over the participants, with what is known of how far they have read: positions only rise. */
  adoptParticipants(participants: readonly Participant[], positionOf: (userId: string) => number): void {
    this.participants = participants.map((person) => ({
      ...person,
      lastReadSeq: Math.max(person.lastReadSeq, positionOf(person.id)),
    }))
  }

  raise(userId: string, seq: number): void {
    this.change(new Set([userId]), (person) => ({ ...person, lastReadSeq: Math.max(person.lastReadSeq, seq) }))
  }

  /** A message. Only of one that was not known yet people are told of. */
  note(message: ChatMessage, isNew: boolean): void {
    const { seq, rev, createdAt } = message
    const last = this.row.lastMessage
    if (last === undefined || seq > last.seq || (seq === last.seq && rev > last.rev)) {
      this.row = { ...this.row, lastMessage: message }
    }
    if (!isNew) return
    this.notePeople(message)
    if (createdAt > this.row.updatedAt) this.row = { ...this.row, updatedAt: createdAt }
  }

  private notePeople({ senderId, rev, system }: ChatMessage): void {
    if (system === undefined) {
      const isKnown = this.participants.length === 0 || this.participants.some(({ id }) => id === senderId)
      if (!isKnown) this.hasStrangers = true
      return
    }
    this.toldRev = Math.max(this.toldRev, rev)
    const concerned = new Set(system.userIds)
    if (system.type === 'added') this.hasStrangers = true
    if (system.type === 'left' || system.type === 'removed') {
      this.participants = this.participants.filter(({ id }) => !concerned.has(id))
    }
    if (system.type === 'role') {
      const role = z.catch(GroupRole, 'member').parse(system.name)
      this.change(concerned, (person) => ({ ...person, role }))
    }
  }

  private change(userIds: ReadonlySet<string>, change: (person: Participant) => Participant): void {
    this.participants = this.participants.map((person) => (userIds.has(person.id) ? change(person) : person))
  }
}
