import { chatQueries } from '@/contracts/chat'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'

const NONE: ReadonlySet<string> = new Set()

interface OwnReactionsDeps {
  userId: string
  transport: Transport
  changed(roomId: string): void
}

/**
 * With what this person reacted, where a message does not say: of each emoji it names the first 20 people. Asked for once,
 * and kept current by what they do on this page.
 */
export class OwnReactions {
  private readonly asked = new Set<string>()
  /** What was done here while the answer was on its way. */
  private readonly done = new Map<string, Map<string, boolean>>()
  private known: ReadonlyMap<string, ReadonlySet<string>> = new Map()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: OwnReactionsDeps,
  ) {}

  /** By the message's id; the same object until something changes. */
  get all(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.known
  }

  note(messageId: string, emoji: string, on: boolean): void {
    const ofMessage = this.done.get(messageId) ?? new Map<string, boolean>()
    this.done.set(messageId, ofMessage.set(emoji, on))
    this.adopt(messageId, this.known.get(messageId) ?? NONE)
  }

  async learn(roomId: string, messageId: string): Promise<void> {
    if (this.asked.has(messageId)) return
    this.asked.add(messageId)
    const { transport, userId, changed } = this.deps
    try {
      const { reactions } = await transport.call(chatQueries.listReactions, { messageId, userId })
      if (this.runtime.signal.aborted) return
      this.adopt(messageId, new Set(reactions.map(({ emoji }) => emoji)))
      changed(roomId)
    } catch (error) {
      // Whoever looks at the message again asks again.
      this.asked.delete(messageId)
      this.runtime.log.warn('[Socket:/chat] Reading own reactions failed', { error: String(error) })
    }
  }

  private adopt(messageId: string, emojis: ReadonlySet<string>): void {
    const next = new Set(emojis)
    for (const [emoji, on] of this.done.get(messageId) ?? []) {
      if (on) next.add(emoji)
      else next.delete(emoji)
    }
    this.known = new Map(this.known).set(messageId, next)
  }
}
