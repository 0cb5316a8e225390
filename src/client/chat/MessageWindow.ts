import type { ChatMessage, HistoryPage } from '@/contracts/chat'
import { excerptOf } from '@/contracts/excerpt'

/**
 * A loaded part of a room's messages: everything from `start` on, up to the first that is not here. Of each message the
 * highest `rev` is kept.
 */
export class MessageWindow {
  /** The smallest loaded `seq`; messages below it are not kept. */
  start: number
  private readonly bySeq = new Map<number, ChatMessage>()
  private run: ChatMessage[] | undefined
  /** Changes to messages older than the window, kept while a page of older ones is on its way. */
  private olderChanges: ChatMessage[] | undefined
  private reachedStart = false
  /** Messages that were edited or deleted since this part is loaded, as what answers them quotes them. */
  private readonly changed = new Map<string, { rev: number; excerpt: string }>()

  constructor(messages: ChatMessage[], startWhenEmpty: number) {
    this.start = messages.reduce((start, message) => Math.min(start, message.seq), Number.POSITIVE_INFINITY)
    if (messages.length === 0) this.start = startWhenEmpty
    for (const message of messages) this.merge(message)
  }

  get hasOlder(): boolean {
    return this.start > 1 && !this.reachedStart
  }

  /** The place of the last one before the first that is not here. */
  get end(): number {
    return this.visible().at(-1)?.seq ?? this.start - 1
  }

  shows(seq: number): boolean {
    return seq >= this.start && seq <= this.end
  }

  /** The `rev` of the message in this place; 0: it is not here. */
  revAt(seq: number): number {
    return this.at(seq)?.rev ?? 0
  }

  find(isIt: (message: ChatMessage) => boolean): ChatMessage | undefined {
    for (const message of this.bySeq.values()) if (isIt(message)) return message
    return undefined
  }

  merge(message: ChatMessage): void {
    if (message.editedAt !== undefined || message.deletedAt !== undefined) this.requote(message)
    if (message.seq < this.start) {
      this.olderChanges?.push(message)
      return
    }
    const known = this.bySeq.get(message.seq)
    if (known !== undefined && known.rev >= message.rev) return
    this.bySeq.set(message.seq, this.quotingNow(message))
    this.run = undefined
  }

  /** What answers this message quotes it as it is from now on, whether it is here already or was read before. */
  private requote({ id, rev, message }: ChatMessage): void {
    if ((this.changed.get(id)?.rev ?? 0) >= rev) return
    this.changed.set(id, { rev, excerpt: excerptOf(message) })
    for (const [seq, answer] of this.bySeq) {
      if (answer.replyTo?.id !== id) continue
      this.bySeq.set(seq, this.quotingNow(answer))
      this.run = undefined
    }
  }

  private quotingNow(message: ChatMessage): ChatMessage {
    const { replyTo } = message
    const excerpt = replyTo && this.changed.get(replyTo.id)?.excerpt
    if (replyTo === undefined || excerpt === undefined || excerpt === replyTo.excerpt) return message
    return { ...message, replyTo: { ...replyTo, excerpt } }
  }

  /** From now until `prepend` or `cancelPrepend`, changes of older messages are remembered: the page may predate them. */
  beginPrepend(): void {
    this.olderChanges = []
  }

  cancelPrepend(): void {
    this.olderChanges = undefined
  }

  /**
   * Adds the page right before the window, if it ends there. False when it does not belong: the window is another one than
   * `beginPrepend` was called on.
   */
  prepend({ messages, hasMore }: HistoryPage): boolean {
    const changes = this.olderChanges
    this.olderChanges = undefined
    if (changes === undefined) return false
    const [first] = messages
    if (first !== undefined && messages.at(-1)?.seq !== this.start - 1) return false
    this.reachedStart = !hasMore
    if (first === undefined) return true
    this.start = first.seq
    for (const message of [...messages, ...changes]) this.merge(message)
    this.run = undefined
    return true
  }

  /** Takes in another part; false where the two do not meet. */
  join(part: MessageWindow): boolean {
    if (part.end + 1 < this.start || part.start > this.end + 1) return false
    if (part.start < this.start) {
      this.start = part.start
      this.reachedStart = part.reachedStart
      this.olderChanges = part.olderChanges
    }
    for (const message of part.bySeq.values()) this.merge(message)
    this.run = undefined
    return true
  }

  /** Ascending by `seq` up to the first one that has not arrived yet. The same array until something changes. */
  visible(): ChatMessage[] {
    if (this.run === undefined) {
      this.run = []
      for (let seq = this.start; ; seq += 1) {
        const message = this.bySeq.get(seq)
        if (message === undefined) break
        this.run.push(message)
      }
    }
    return this.run
  }

  at(seq: number): ChatMessage | undefined {
    return this.bySeq.get(seq)
  }

  /** How many messages beyond `seq` are such. */
  count(seq: number, isSuch: (message: ChatMessage) => boolean): number {
    let count = 0
    for (const message of this.bySeq.values()) if (message.seq > seq && isSuch(message)) count += 1
    return count
  }
}
