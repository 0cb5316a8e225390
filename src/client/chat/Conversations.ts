import { type ChatMessage, chatCommands } from '@/contracts/chat'
import { AppError, type WireError } from '@/contracts/errors'
import { wireFromError } from '../runtime/errors'
import { retry } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'
import type { RoomCache } from './RoomCache'
import { readHistory } from './readHistory'
import type { ConversationView } from './view'

/** How often the page around a place is asked for, should the conversation be loaded anew meanwhile. */
const PLACE_TRIES = 3

const PARTICIPANTS_MS = 1_000
/** Of all who look at a room, not everybody asks at the same moment: so many a second, were it all its members. */
const ASKING_A_SECOND = 100

/** Loaded conversations nobody looks at beyond this are dropped, the ones seen longest ago first. */
const MOST_LOADED = 20

interface Conversation {
  status: ConversationView['status']
  error: WireError | undefined
  loadingOlder: boolean
  loadingNewer: boolean
  viewers: number
  /** Counts places that were asked for: the latest is shown. */
  jumps: number
  /** The load under way, until it succeeds or fails for good. */
  loading: Promise<void> | undefined
  /** Its participants are about to be read again. */
  refreshing: boolean
}

export interface ConversationsDeps {
  transport: Transport
  cache: RoomCache
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

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: ConversationsDeps,
  ) {}

  state(
    roomId: string,
  ): Readonly<Pick<Conversation, 'status' | 'error' | 'loadingOlder' | 'loadingNewer'>> | undefined {
    return this.states.get(roomId)
  }

  /** Loads the conversation if need be and keeps it loaded until the answer is called. */
  open(roomId: string): () => void {
    const conversation = this.of(roomId)
    this.states.delete(roomId)
    this.states.set(roomId, conversation)
    conversation.viewers += 1
    if (this.deps.cache.get(roomId)?.isLoaded !== true) void this.load(roomId)
    this.meetStrangers(roomId)
    let closed = false
    return () => {
      if (closed) return
      closed = true
      conversation.viewers -= 1
      // Whoever comes back finds the newest messages.
      if (conversation.viewers === 0) this.toNewest(roomId)
      this.dropOldest()
    }
  }

  /** Loads the newest messages in place of what is there. `afresh`: what was held from before counts no more. */
  load(roomId: string, afresh = false): Promise<void> {
    const conversation = this.of(roomId)
    if (afresh && conversation.loading !== undefined) return conversation.loading.then(() => this.load(roomId, true))
    conversation.loading ??= retry(() => this.loadOnce(roomId, conversation, afresh), this.runtime)
      .catch(() => undefined) // what it failed with for good is shown
      .finally(() => {
        conversation.loading = undefined
      })
    return conversation.loading
  }

  async loadOlder(roomId: string): Promise<void> {
    const conversation = this.of(roomId)
    const timeline = this.deps.cache.get(roomId)
    if (timeline === undefined || conversation.loadingOlder || !timeline.hasOlder) return
    conversation.loadingOlder = true
    timeline.beginHistory()
    this.deps.changed(roomId)
    try {
      const page = await readHistory(this.deps.transport, roomId, { beforeSeq: timeline.oldestSeq })
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

  /** The page after what is shown, where that does not reach the newest messages. */
  async loadNewer(roomId: string): Promise<void> {
    const conversation = this.of(roomId)
    const timeline = this.deps.cache.get(roomId)
    if (timeline === undefined || conversation.loadingNewer || !timeline.hasNewer) return
    conversation.loadingNewer = true
    const adopt = timeline.beginNewer()
    this.deps.changed(roomId)
    try {
      const page = await readHistory(this.deps.transport, roomId, { afterSeq: timeline.newestSeq })
      adopt(page)
      this.deps.loaded(roomId, page.messages)
    } finally {
      conversation.loadingNewer = false
      this.deps.changed(roomId)
    }
  }

  /**
   * Shows the messages around this place. False: another place was asked for meanwhile.
   * @throws AppError NOT_FOUND (there is no such place), and as `Transport.call` does.
   */
  async openAround(roomId: string, seq: number): Promise<boolean> {
    const conversation = this.of(roomId)
    conversation.jumps += 1
    const jump = conversation.jumps
    const isOvertaken = () => conversation.jumps !== jump || this.runtime.signal.aborted
    if (this.deps.cache.get(roomId)?.isLoaded !== true) await this.load(roomId)
    for (let tries = 0; !isOvertaken(); tries += 1) {
      const timeline = this.deps.cache.get(roomId)
      if (!timeline?.isLoaded) throw new AppError('UNAVAILABLE')
      if (timeline.showPlace(seq)) {
        this.deps.changed(roomId)
        return true
      }
      if (tries === PLACE_TRIES) throw new AppError('NOT_FOUND', { message: 'There is no such message.' })
      timeline.beginIsland()
      const page = await readHistory(this.deps.transport, roomId, { aroundSeq: seq }).catch((error: unknown) => {
        if (!isOvertaken()) timeline.cancelIsland()
        throw error
      })
      if (isOvertaken()) break
      // Else the conversation was loaded anew meanwhile: what was heard since is not known.
      if (timeline.adoptIsland(page)) this.deps.loaded(roomId, page.messages)
    }
    return false
  }

  /** Back from there. */
  toNewest(roomId: string): void {
    const conversation = this.states.get(roomId)
    const timeline = this.deps.cache.get(roomId)
    if (conversation === undefined || timeline === undefined) return
    conversation.jumps += 1
    const { hasNewer } = timeline
    timeline.leaveIsland()
    if (hasNewer) this.deps.changed(roomId)
  }

  /** Conversations that somebody looks at, or would on the page in front. */
  watched(): string[] {
    return [...this.states].flatMap(([roomId, { viewers }]) => (viewers > 0 ? [roomId] : []))
  }

  /**
   * Reads who is in the room again if somebody came or wrote who is not known, and somebody looks at it: within a moment
   * that is longer in a larger room, once for all that come until then.
   */
  meetStrangers(roomId: string): void {
    const conversation = this.of(roomId)
    const timeline = this.deps.cache.get(roomId)
    const { page, clock, random } = this.runtime
    if (!timeline?.hasStrangers || conversation.refreshing) return
    if (conversation.viewers === 0 || !page.isVisible()) return
    conversation.refreshing = true
    const members = timeline.room.memberCount
    const spreadMs = Math.max(PARTICIPANTS_MS, (1_000 * members) / ASKING_A_SECOND)
    clock.after(PARTICIPANTS_MS / 2 + random() * spreadMs, async () => {
      const isAnswered = await this.readParticipants(roomId)
      conversation.refreshing = false
      if (isAnswered) this.meetStrangers(roomId)
    })
  }

  /** A member again. */
  returned(roomId: string): void {
    const state = this.states.get(roomId)
    if (state?.status !== 'gone') return
    state.status = 'loading'
    if (state.viewers > 0 && this.deps.cache.get(roomId)?.isLoaded !== true) void this.load(roomId)
  }

  /** Until it works, or the server says no: false. */
  private async readParticipants(roomId: string): Promise<boolean> {
    const timeline = this.deps.cache.get(roomId)
    if (timeline === undefined) return false
    timeline.forgetStrangers()
    const { changedAt } = timeline
    try {
      const { participants } = await retry(() => readHistory(this.deps.transport, roomId, {}, 1), this.runtime)
      if (participants === undefined || this.runtime.signal.aborted) return false
      // Somebody left meanwhile, say: the answer may still name them.
      if (timeline.changedAt !== changedAt) timeline.keepStrangers()
      else timeline.adoptParticipants(participants)
      this.deps.changed(roomId)
      return true
    } catch (error) {
      // Whatever happens next in the room has them read again.
      timeline.keepStrangers()
      this.runtime.log.warn('[Socket:/chat] Reading the participants again failed', { error: String(error) })
      return false
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
      loadingNewer: false,
      jumps: 0,
      viewers: 0,
      loading: undefined,
      refreshing: false,
    }
    this.states.set(roomId, conversation)
    return conversation
  }

  private async loadOnce(roomId: string, conversation: Conversation, afresh: boolean): Promise<void> {
    const { cache, transport, loaded, behind, changed } = this.deps
    cache.beginLoad(roomId, afresh)
    try {
      const data = await transport.call(chatCommands.joinRoom, { roomId })
      if (this.runtime.signal.aborted) return
      if (cache.adoptSnapshot(data)) behind(roomId)
      Object.assign(conversation, { status: 'ready', error: undefined })
      loaded(roomId, data.messages)
      this.dropOldest()
      changed(roomId)
    } catch (error) {
      cache.cancelLoad(roomId)
      // What is shown already stays, however the reload goes.
      const isShown = cache.get(roomId)?.isLoaded === true
      if (!isShown) Object.assign(conversation, { status: 'error', error: wireFromError(error) })
      if (!this.runtime.signal.aborted) changed(roomId)
      throw error
    }
  }

  private dropOldest(): void {
    const unwatched = [...this.states].filter(([roomId, { viewers, loading }]) => {
      return viewers === 0 && loading === undefined && this.deps.cache.get(roomId)?.isLoaded === true
    })
    for (const [roomId] of unwatched.slice(0, Math.max(0, unwatched.length - MOST_LOADED))) {
      this.deps.cache.get(roomId)?.unload()
      this.states.delete(roomId)
      this.deps.changed(roomId)
    }
  }
}
