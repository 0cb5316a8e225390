import type { ChatMessage, HistoryPage, MessagesRead, Room, RoomData, SyncRoom } from '@/contracts/chat'

interface Member {
  lastReadSeq: number
  ownUnread: number
}

/** A room as the server keeps it: every rule of counters and read positions, without a database. */
export class TableRoom {
  readonly id = 'room'
  lastSeq = 0
  lastRev = 0
  readRev = 0
  private readonly messages = new Map<number, ChatMessage>()
  private readonly members: Map<string, Member>

  constructor(readonly userIds: readonly string[]) {
    this.members = new Map(userIds.map((id) => [id, { lastReadSeq: 0, ownUnread: 0 }]))
  }

  send(senderId: string, text = 'hello', clientId = `c${this.lastSeq + 1}`): ChatMessage {
    const everythingRead = this.member(senderId).lastReadSeq === this.lastSeq
    this.lastSeq += 1
    this.lastRev += 1
    const message: ChatMessage = {
      id: `m${this.lastSeq}`,
      roomId: this.id,
      seq: this.lastSeq,
      rev: this.lastRev,
      senderId,
      clientId,
      message: text,
      createdAt: new Date(this.lastSeq * 1_000).toISOString(),
    }
    this.messages.set(message.seq, message)
    if (everythingRead) this.member(senderId).lastReadSeq = this.lastSeq
    else this.member(senderId).ownUnread += 1
    return message
  }

  edit(seq: number): ChatMessage {
    const before = this.messages.get(seq)
    if (before === undefined) throw new Error('There is no such message.')
    this.lastRev += 1
    const after = { ...before, rev: this.lastRev, message: `edited as ${this.lastRev}` }
    this.messages.set(seq, after)
    return after
  }

  /** Undefined when nothing changed. */
  read(userId: string, upToSeq: number): MessagesRead | undefined {
    const member = this.member(userId)
    const upTo = Math.min(upToSeq, this.lastSeq)
    if (upTo <= member.lastReadSeq) return undefined
    const before = this.unreadOf(userId)
    member.lastReadSeq = upTo
    member.ownUnread = this.all().filter(({ seq, senderId }) => seq > upTo && senderId === userId).length
    this.readRev += 1
    return { roomId: this.id, userId, count: before - this.unreadOf(userId), lastReadSeq: upTo }
  }

  all(): ChatMessage[] {
    return [...this.messages.values()]
  }

  positionOf(userId: string): number {
    return this.member(userId).lastReadSeq
  }

  unreadOf(userId: string): number {
    const { lastReadSeq, ownUnread } = this.member(userId)
    return this.lastSeq - lastReadSeq - ownUnread
  }

  row(userId: string): Room {
    const lastMessage = this.messages.get(this.lastSeq)
    return {
      id: this.id,
      kind: 'group',
      memberCount: this.userIds.length,
      lastSeq: this.lastSeq,
      lastRev: this.lastRev,
      readRev: this.readRev,
      lastReadSeq: this.positionOf(userId),
      unread: this.unreadOf(userId),
      unreadMentions: this.all().filter(
        ({ seq, mentions }) => seq > this.positionOf(userId) && mentions?.includes(userId),
      ).length,
      updatedAt: lastMessage?.createdAt ?? new Date(0).toISOString(),
      ...(lastMessage === undefined ? {} : { lastMessage }),
    }
  }

  snapshot(userId: string, newest: number): RoomData {
    return {
      room: this.row(userId),
      messages: this.all().slice(-newest),
      participants: this.userIds.map((id) => ({
        id,
        name: id,
        role: 'member' as const,
        lastReadSeq: this.positionOf(id),
        isOnline: false,
        lastSeen: new Date(0).toISOString(),
      })),
    }
  }

  sync(have: { lastRev: number; readRev: number }, pageSize: number): SyncRoom {
    if (have.lastRev > this.lastRev) return { reset: true }
    const changed = this.all()
      .filter(({ rev }) => rev > have.lastRev)
      .sort((a, b) => a.rev - b.rev)
    const reads = Object.fromEntries(this.userIds.map((id) => [id, this.positionOf(id)]))
    return {
      messages: changed.slice(0, pageSize),
      lastRev: this.lastRev,
      readRev: this.readRev,
      hasMore: changed.length > pageSize,
      ...(have.readRev === this.readRev ? {} : { reads }),
    }
  }

  history(beforeSeq: number, size: number): HistoryPage {
    const before = this.all().filter(({ seq }) => seq < beforeSeq)
    return { messages: before.slice(-size), hasMore: before.length > size }
  }

  historyAfter(afterSeq: number, size: number): HistoryPage {
    const after = this.all().filter(({ seq }) => seq > afterSeq)
    return { messages: after.slice(0, size), hasMore: after.length > size }
  }

  historyAround(seq: number, size: number): HistoryPage {
    const from = Math.max(1, seq - Math.floor(size / 2))
    return { messages: this.all().slice(from - 1, from - 1 + size), hasMore: from > 1 }
  }

  private member(userId: string): Member {
    const member = this.members.get(userId)
    if (member === undefined) throw new Error(`${userId} is not a member.`)
    return member
  }
}
