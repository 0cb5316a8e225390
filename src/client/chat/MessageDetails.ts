import { type ChatMessage, chatQueries } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { Person } from '@/contracts/users'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'

/** What is asked at nearly the same moment is one question. */
const TOGETHER_MS = 50
/** Where hundreds react, each of them changes the message: so often it is asked about again. */
const AGAIN_MS = 5_000
/** One's reactions to messages asked about longest ago are forgotten beyond so many messages. */
const MOST_MESSAGES = 500

export type Place = Pick<ChatMessage, 'id' | 'seq' | 'rev'>

interface MessageDetailsDeps {
  transport: Transport
  changed(roomId: string): void
}

/**
 * What messages do not say themselves, asked of the server once for each state of a message that is looked at: the names of
 * those who are not among the participants that the page knows, and with what this person reacted where many did.
 */
export class MessageDetails {
  /** By the person's id; the same object until something changes. */
  names: ReadonlyMap<string, Person> = new Map()
  /** One's own emojis by the message's id, likewise. */
  ownReactions: ReadonlyMap<string, ReadonlySet<string>> = new Map()
  /** The `rev` that each message had when it was asked about last. */
  private readonly asked = new Map<string, number>()
  private readonly wanted = new Map<string, Map<string, Place>>()
  private readonly askedAgain = new Set<string>()
  /** What was done here since the last answer: it holds once the message has changed, until the next. */
  private readonly done = new Map<string, Map<string, boolean>>()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: MessageDetailsDeps,
  ) {}

  /** To be called for a message that is looked at and leaves something open. */
  want(roomId: string, message: Place): void {
    const { id, rev } = message
    const before = this.asked.get(id)
    if (before !== undefined && before >= rev) return
    this.asked.set(id, rev)
    this.applyDone(roomId, id)
    const inRoom = this.wanted.get(roomId) ?? new Map<string, Place>()
    this.wanted.set(roomId, inRoom.set(id, message))
    const { clock } = this.runtime
    if (before === undefined) clock.after(TOGETHER_MS, () => void this.ask(roomId))
    else if (!this.askedAgain.has(roomId)) {
      this.askedAgain.add(roomId)
      clock.after(AGAIN_MS, () => {
        this.askedAgain.delete(roomId)
        void this.ask(roomId)
      })
    }
  }

  /** This person reacts, or takes it back: not acknowledged yet. */
  note(messageId: string, emoji: string, on: boolean): void {
    this.done.set(messageId, new Map(this.done.get(messageId)).set(emoji, on))
  }

  private applyDone(roomId: string, messageId: string): void {
    const done = this.done.get(messageId)
    if (done === undefined) return
    const own = new Set(this.ownReactions.get(messageId))
    for (const [emoji, on] of done) {
      if (on) own.add(emoji)
      else own.delete(emoji)
    }
    this.ownReactions = new Map(this.ownReactions).set(messageId, own)
    this.deps.changed(roomId)
  }

  private async ask(roomId: string): Promise<void> {
    const all = [...(this.wanted.get(roomId)?.values() ?? [])]
    this.wanted.delete(roomId)
    for (let from = 0; from < all.length; from += limits.messageDetails) {
      await this.askFor(roomId, all.slice(from, from + limits.messageDetails))
    }
  }

  private async askFor(roomId: string, messages: readonly Place[]): Promise<void> {
    const { transport, changed } = this.deps
    for (const { id } of messages) this.done.delete(id)
    try {
      const seqs = messages.map(({ seq }) => seq)
      const { people, ownReactions } = await transport.call(chatQueries.messageDetails, { roomId, seqs })
      if (this.runtime.signal.aborted) return
      this.names = new Map([...this.names, ...people.map((person) => [person.id, person] as const)])
      const answered = messages.map(({ id }) => [id, new Set(ownReactions[id])] as const)
      this.ownReactions = new Map([...this.ownReactions, ...answered].slice(-MOST_MESSAGES))
      changed(roomId)
    } catch (error) {
      // Whoever looks at them again asks again.
      for (const { id, rev } of messages) if (this.asked.get(id) === rev) this.asked.delete(id)
      this.runtime.log.warn('[Socket:/chat] Reading the details of messages failed', { error: String(error) })
    }
  }
}
