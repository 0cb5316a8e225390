import type { ChatMessage } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import type { Clock, Random } from '../transport/clock'
import { isFinal, wireFromError } from '../transport/errors'
import { Patience } from '../transport/Patience'
import type { ChatApi } from './chatApi'
import type { LoadRoom } from './loadRoom'
import type { RoomBook } from './RoomBook'
import type { ConversationView } from './view'

/** Loaded conversations nobody looks at beyond this are dropped, the ones seen longest ago first. */
const mostLoaded = 20

interface Conversation {
  status: ConversationView['status']
  error: WireError | undefined
  loadingOlder: boolean
  viewers: number
  /** The load under way, until it succeeds or fails for good. */
  loading: Promise<void> | undefined
  patience: Patience
}

export interface ConversationsDeps {
  clock: Clock
  random: Random
  api: ChatApi
  book: RoomBook
  loadRoom: LoadRoom
  /** Messages that came with a snapshot or a page of history. */
  loaded(roomId: string, messages: ChatMessage[]): void
  /** What was loaded is older than what was known already. */
  behind(roomId: string): void
  changed(roomId: string): void
}

/** Which conversations are loaded, and how loading goes. */
export class Conversations {
  /** In the order they were last opened. */
  private readonly states = new Map<string, Conversation>()
  private stopped = false

  constructor(private readonly deps: ConversationsDeps) {}

  state(roomId: string): Readonly<Pick<Conversation, 'status' | 'error' | 'loadingOlder'>> | undefined {
    return this.states.get(roomId)
  }

  stop(): void {
    this.stopped = true
    this.hurry()
  }

  /** Loads the conversation if need be and keeps it loaded until the answer is called. */
  open(roomId: string): () => void {
    const conversation = this.of(roomId)
    this.states.delete(roomId)
    this.states.set(roomId, conversation)
    conversation.viewers += 1
    if (this.deps.book.get(roomId)?.isLoaded !== true) void this.load(roomId)
    let closed = false
    return () => {
      if (closed) return
      closed = true
      conversation.viewers -= 1
      this.dropOldest()
    }
  }

  /** Loads the newest messages in place of what is there. `afresh`: what was held from before counts no more. */
  load(roomId: string, afresh = false): Promise<void> {
    const conversation = this.of(roomId)
    if (afresh && conversation.loading !== undefined) return conversation.loading.then(() => this.load(roomId, true))
    conversation.loading ??= this.keepLoading(roomId, conversation, afresh).finally(() => {
      conversation.loading = undefined
    })
    return conversation.loading
  }

  /** Something works again: a load that waits for its back-off is tried now. */
  hurry(): void {
    for (const { patience } of this.states.values()) {
      patience.reset()
      patience.hurry()
    }
  }

  /** The socket is back: it can tell the participants that HTTP could not. */
  connected(): void {
    this.hurry()
    for (const [roomId, { viewers, status }] of this.states) {
      const timeline = this.deps.book.get(roomId)
      if (viewers > 0 && status === 'ready' && timeline?.participants.length === 0) void this.load(roomId)
    }
  }

  async loadOlder(roomId: string): Promise<void> {
    const conversation = this.of(roomId)
    const timeline = this.deps.book.get(roomId)
    if (timeline === undefined || conversation.loadingOlder || !timeline.hasOlder) return
    conversation.loadingOlder = true
    timeline.beginHistory()
    this.deps.changed(roomId)
    try {
      const page = await this.deps.api.history(roomId, timeline.oldestSeq)
      timeline.adoptHistory(page)
      this.deps.loaded(roomId, page.messages)
    } catch (error) {
      timeline.cancelHistory()
      throw error
    } finally {
      conversation.loadingOlder = false
      this.deps.changed(roomId)
    }
  }

  /** No longer a member. */
  gone(roomId: string): void {
    this.of(roomId).status = 'gone'
    this.deps.changed(roomId)
  }

  private of(roomId: string): Conversation {
    const known = this.states.get(roomId)
    if (known !== undefined) return known
    const conversation: Conversation = {
      status: 'loading',
      error: undefined,
      loadingOlder: false,
      viewers: 0,
      loading: undefined,
      patience: new Patience(this.deps.clock, this.deps.random),
    }
    this.states.set(roomId, conversation)
    return conversation
  }

  private async keepLoading(roomId: string, conversation: Conversation, afresh: boolean): Promise<void> {
    const { book, loadRoom, loaded, behind, changed } = this.deps
    while (!this.stopped) {
      book.beginLoad(roomId, afresh)
      try {
        const data = await loadRoom(roomId, book.get(roomId)?.participants ?? [])
        if (this.stopped) return
        if (book.adoptSnapshot(data)) behind(roomId)
        Object.assign(conversation, { status: 'ready', error: undefined })
        loaded(roomId, data.messages)
        this.dropOldest()
        changed(roomId)
        return
      } catch (error) {
        book.cancelLoad(roomId)
        if (this.stopped) return
        // What is shown already stays, however the reload goes.
        const isShown = book.get(roomId)?.isLoaded === true
        if (!isShown) Object.assign(conversation, { status: 'error', error: wireFromError(error) })
        changed(roomId)
        if (isFinal(error)) return
        await conversation.patience.wait()
      }
    }
  }

  private dropOldest(): void {
    const unwatched = [...this.states].filter(([roomId, { viewers, loading }]) => {
      return viewers === 0 && loading === undefined && this.deps.book.get(roomId)?.isLoaded === true
    })
    for (const [roomId] of unwatched.slice(0, Math.max(0, unwatched.length - mostLoaded))) {
      this.deps.book.get(roomId)?.unload()
      this.states.delete(roomId)
      this.deps.changed(roomId)
    }
  }
}
