import type { ChatMessage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { messageDetailQueries } from '@/contracts/messageDetails'
import type { Person } from '@/contracts/users'
import type { Runtime } from '../runtime/runtime'
import { Store } from '../runtime/Store'
import type { Transport } from '../transport/Transport'

/** What is asked at nearly the same moment is one question. */
const TOGETHER_MS = 50
/** Where hundreds react, each of them changes the message: so often it is asked about again. */
const AGAIN_MS = 5_000
/** One's reactions to messages asked about longest ago are forgotten beyond so many messages. */
const MOST_MESSAGES = 500

/** Which message, where, and in which state: another `rev` is asked for anew. */
export type Place = Pick<ChatMessage, 'id' | 'seq' | 'rev'>

/** What was answered so far. What is missing is not known yet, or known to the page already. */
export interface MessageDetailsView {
  /** People who are not among the participants that the page knows, by id. */
  names: ReadonlyMap<string, Person>
  /** One's own emojis, by the message's id, where that names only some of those who reacted. */
  ownReactions: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * What messages do not say themselves, asked of the server once for each state of a message that is looked at: the names of
 * those who are not among the participants that the page knows, and with what this person reacted where many did.
 */
export class MessageDetails {
  readonly view = new Store(() => this.known)
  private known: MessageDetailsView = { names: new Map(), ownReactions: new Map() }
  /** The `rev` that each message had when it was asked about last. */
  private readonly asked = new Map<string, number>()
  private readonly wanted = new Map<string, Map<string, Place>>()
  private readonly askedAgain = new Set<string>()
  /** What was done here since the last answer: it holds once the message has changed, until the next. */
  private readonly done = new Map<string, Map<string, boolean>>()

  constructor(
    private readonly runtime: Pick<Runtime, 'clock' | 'log' | 'signal'>,
    private readonly transport: Transport,
  ) {}

  /** To be called for a message that is looked at and leaves something open. */
  want(roomId: string, message: Place): void {
    const { id, rev } = message
    const before = this.asked.get(id)
    if (before !== undefined && before >= rev) return
    this.asked.set(id, rev)
    this.applyDone(id)
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

  private applyDone(messageId: string): void {
    const done = this.done.get(messageId)
    if (done === undefined) return
    const own = new Set(this.known.ownReactions.get(messageId))
    for (const [emoji, on] of done) {
      if (on) own.add(emoji)
      else own.delete(emoji)
    }
    this.learn({ ownReactions: new Map(this.known.ownReactions).set(messageId, own) })
  }

  private async ask(roomId: string): Promise<void> {
    const all = [...(this.wanted.get(roomId)?.values() ?? [])]
    this.wanted.delete(roomId)
    for (let from = 0; from < all.length; from += limits.messageDetails) {
      await this.askFor(roomId, all.slice(from, from + limits.messageDetails))
    }
  }

  private async askFor(roomId: string, messages: readonly Place[]): Promise<void> {
    for (const { id } of messages) this.done.delete(id)
    try {
      const seqs = messages.map(({ seq }) => seq)
      const question = { roomId, seqs }
      const { people, ownReactions } = await this.transport.call(messageDetailQueries.messageDetails, question)
      if (this.runtime.signal.aborted) return
      const answered = messages.map(({ id }) => [id, new Set(ownReactions[id])] as const)
      this.learn({
        names: new Map([...this.known.names, ...people.map((person) => [person.id, person] as const)]),
        ownReactions: new Map([...this.known.ownReactions, ...answered].slice(-MOST_MESSAGES)),
      })
    } catch (error) {
      // Whoever looks at them again asks again.
      for (const { id, rev } of messages) if (this.asked.get(id) === rev) this.asked.delete(id)
      this.runtime.log.warn('[Socket:/chat] Reading the details of messages failed', { error: String(error) })
    }
  }

  private learn(news: Partial<MessageDetailsView>): void {
    this.known = { ...this.known, ...news }
    this.view.invalidate()
  }
}
