import type { ChatMessage, HistoryPage } from '@/contracts/chat'
import { MessageWindow } from './MessageWindow'

/**
 * What is loaded of a room's messages: the newest, and while somebody looks at a place further back a part around that, an
 * island, which is shown instead and grows until the two meet. All of them hear what changes (`mergeIntoLoaded`).
 */
export class LoadedMessages {
  /** Kept current; undefined: nothing is loaded. */
  protected newest: MessageWindow | undefined
  private island: MessageWindow | undefined
  /** What was heard since the page of an island was asked for. */
  private arriving: MessageWindow | undefined

  get isLoaded(): boolean {
    return this.newest !== undefined
  }

  /** Those that are shown: acknowledged, ascending, without holes; the same array until something changes. */
  get messages(): ChatMessage[] {
    return this.shown?.visible() ?? []
  }

  get hasOlder(): boolean {
    return this.shown?.hasOlder ?? false
  }

  get oldestSeq(): number {
    return this.shown?.start ?? 0
  }

  /** What is shown does not reach the newest messages. */
  get hasNewer(): boolean {
    return this.island !== undefined
  }

  get newestSeq(): number {
    return this.shown?.end ?? 0
  }

  private get shown(): MessageWindow | undefined {
    return this.island ?? this.newest
  }

  protected find(isIt: (message: ChatMessage) => boolean): ChatMessage | undefined {
    return this.newest?.find(isIt) ?? this.island?.find(isIt)
  }

  protected mergeIntoLoaded(message: ChatMessage): void {
    for (const part of [this.newest, this.island, this.arriving]) part?.merge(message)
  }

  /** The page before what is shown is about to be asked for: from now on changes of older messages are kept for it. */
  beginHistory(): void {
    this.shown?.beginPrepend()
  }

  cancelHistory(): void {
    this.shown?.cancelPrepend()
  }

  adoptHistory(page: HistoryPage): void {
    this.shown?.prepend(page)
  }

  /** Shows the loaded part that this place belongs to; false where there is none. A page around another counts no more. */
  showPlace(seq: number): boolean {
    this.cancelIsland()
    if (this.island?.shows(seq)) return true
    if (!this.newest?.shows(seq)) return false
    this.leaveIsland()
    return true
  }

  /** The page around a place is about to be asked for: from now on what is heard is kept for it. */
  beginIsland(): void {
    this.arriving = new MessageWindow([], 1)
  }

  cancelIsland(): void {
    this.arriving = undefined
  }

  /** Shows that page. False: what was heard since it was asked for is not known. */
  adoptIsland({ messages }: HistoryPage): boolean {
    const [first] = messages
    if (this.arriving === undefined || first === undefined) return false
    for (const message of messages) this.arriving.merge(message)
    this.arriving.start = first.seq
    this.island = this.arriving
    this.arriving = undefined
    this.joinIsland()
    return true
  }

  /**
   * The page after what is shown is about to be asked for. Answers what takes it: once another part is shown it is dropped,
   * since that one has not heard what changed since.
   */
  beginNewer(): (page: HistoryPage) => void {
    const part = this.island
    return ({ messages }) => {
      if (part === undefined || part !== this.island) return
      for (const message of messages) part.merge(message)
      this.joinIsland()
    }
  }

  /** Shows the newest messages again. */
  leaveIsland(): void {
    this.island = undefined
    this.cancelIsland()
  }

  private joinIsland(): void {
    if (this.island !== undefined && this.newest?.join(this.island)) this.island = undefined
  }
}
