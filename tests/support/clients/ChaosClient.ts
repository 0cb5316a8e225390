import { Manager } from 'socket.io-client'
import type { ConversationView } from '@/client/chat/view'
import { createClientId } from '@/client/outbox/clientId'
import { allEntries, openOutboxDatabase } from '@/client/outbox/database'
import { createTabChannel } from '@/client/outbox/tabChannel'
import { type Clock, systemClock } from '@/client/runtime/clock'
import { createLocalText } from '@/client/runtime/localText'
import { TandemClient } from '@/client/TandemClient'
import type { ConnectionView } from '@/client/transport/ConnectionMonitor'
import { createHttpClient } from '@/client/transport/HttpClient'
import { ChatMessage, type Room } from '@/contracts/chat'
import { permissions } from '@/contracts/permissions'
import type { Acknowledgement } from '../checker/evidence'
import { waitFor } from '../waitFor'
import type { Person } from '../workload/people'
import type { Random } from '../workload/random'
import { acknowledgedIn } from './acknowledgements'
import { BrowserLocks } from './BrowserLocks'
import { VisiblePage } from './VisiblePage'

export interface ChaosClientOptions {
  webUrl: string
  /** Instead of what the session token names: a network of the client's own. */
  socketUrl?: string
  clock?: Clock
  /** How long one attempt to connect may take, in milliseconds; the engine's own limit unless given. */
  connectTimeoutMs?: number
  random: Random
}

/** Tabs of one person share a browser. */
const browsers = new Map<string, BrowserLocks>()

function locksOf({ id }: Person): BrowserLocks {
  const locks = browsers.get(id) ?? new BrowserLocks()
  browsers.set(id, locks)
  return locks
}

/**
 * One person's page without its pixels: the engine that browsers run, over real connections, with IndexedDB in memory
 * (`fake-indexeddb/auto` must have been imported). Two clients of one person are two tabs of one browser.
 */
export class ChaosClient {
  /** Positive answers to sends, read off the wire. */
  readonly acknowledgements: Acknowledgement[] = []
  /** Texts that this page ever showed as failed, with the reason. */
  readonly shownAsFailed: string[] = []
  isClosed = false
  private readonly acknowledgedTexts = new Set<string>()
  private readonly page = new VisiblePage()
  private readonly client: TandemClient
  private readonly opened = new Set<string>()

  constructor(
    readonly person: Person,
    private readonly options: ChaosClientOptions,
  ) {
    this.client = new TandemClient({
      userId: person.id,
      permissions,
      http: createHttpClient({ baseUrl: options.webUrl, fetch: (input, init) => this.fetch(input, init) }),
      clock: options.clock ?? systemClock,
      random: options.random,
      log: { warn() {}, error() {} },
      page: this.page,
      createManager: (url, settings) => this.createManager(url, settings),
      createClientId: () => createClientId(crypto),
      localText: createLocalText(() => undefined),
      locks: locksOf(person).of(this),
      channel: createTabChannel(person.id),
    })
    this.client.start()
  }

  get connection(): ConnectionView {
    return this.client.connection.getSnapshot()
  }

  /** Client ids of messages that are not acknowledged, in conversations this page has opened. */
  get waiting(): string[] {
    return [...this.opened].flatMap((roomId) => this.conversation(roomId).outgoing.map(({ clientId }) => clientId))
  }

  /** The row of the list; undefined while this page does not know of the room. */
  room(roomId: string): Room | undefined {
    return this.client.chat.list.getSnapshot().rooms.find(({ id }) => id === roomId)
  }

  /** How many of these people this page shows as here. */
  online(people: readonly Person[]): number {
    const presence = this.client.presence.view.getSnapshot()
    // As a page does that shows somebody it knows nothing of yet.
    if (people.some(({ id }) => !presence[id])) this.client.presence.askForNewcomer()
    return people.filter(({ id }) => presence[id]?.isOnline).length
  }

  conversation(roomId: string): ConversationView {
    return this.client.chat.conversation(roomId).getSnapshot()
  }

  /** Goes to the conversation. */
  open(roomId: string): void {
    if (this.opened.has(roomId)) return
    this.opened.add(roomId)
    this.client.chat.conversation(roomId).subscribe(() => this.noteFailures(roomId))
    this.client.chat.openConversation(roomId)
  }

  type(roomId: string, text: string): void {
    this.open(roomId)
    this.client.chat.sendMessage(roomId, text)
  }

  /** Ids of those whom the conversation shows as its members. */
  shownMembers(roomId: string): string[] {
    return this.conversation(roomId).participants.map(({ id }) => id)
  }

  /** Messages that are shown and can be changed, the newest last. */
  recent(roomId: string): readonly ChatMessage[] {
    this.open(roomId)
    const { messages } = this.conversation(roomId)
    return messages.filter(({ kind, deletedAt }) => kind === undefined && deletedAt === undefined).slice(-10)
  }

  edit(message: ChatMessage, text: string): void {
    this.client.chat.editMessage(message.roomId, message, text)
  }

  remove(message: ChatMessage): void {
    this.client.chat.deleteMessage(message.roomId, message)
  }

  /** Reacts, or takes that back where it is shown. */
  react({ roomId, id, reactions = [] }: ChatMessage, emoji: string): void {
    const has = reactions.some((one) => one.emoji === emoji && one.userIds.includes(this.person.id))
    this.client.chat.react(roomId, id, emoji, !has)
  }

  /** Takes the person into the group, or out; an attempt that fails may have been carried out all the same. */
  async setMember(roomId: string, person: Person, isMember: boolean): Promise<void> {
    const { groups } = this.client.chat
    await (isMember ? groups.add(roomId, [person.id]) : groups.remove(roomId, person.id)).catch(() => {})
  }

  /** Reads everything that is shown. */
  readAll(roomId: string): void {
    this.open(roomId)
    const last = this.conversation(roomId).messages.at(-1)
    if (last) this.client.chat.markRead(roomId, last.seq)
  }

  /** The network is back, or the page is looked at again. */
  wake(): void {
    this.page.wake()
  }

  /** Closes the tab: nothing is said goodbye to. */
  close(): void {
    this.isClosed = true
    this.client.stop()
    locksOf(this.person).closeTab(this)
  }

  /** Resolves when the list shows this room, which nobody told this page of. */
  async discover(roomId: string): Promise<void> {
    await this.discoverAll([roomId])
  }

  /** The same for several. */
  async discoverAll(roomIds: readonly string[]): Promise<void> {
    await this.client.chat.reload()
    for (const roomId of roomIds) await this.shown(roomId)
  }

  /** Resolves when this page has the message of that place, and everything before it. */
  untilSeq(roomId: string, seq: number, timeoutMs: number): Promise<void> {
    return this.until(
      `seq ${seq}`,
      () => (this.room(roomId)?.lastMessage?.seq ?? 0) >= seq && this.showsAll(roomId),
      timeoutMs,
    )
  }

  /** Resolves when the server has answered that it has this text, or shows it. */
  untilSent(roomId: string, text: string, timeoutMs: number): Promise<void> {
    const isSent = () => this.acknowledgedTexts.has(text) || this.shows(roomId, text)
    return this.until(`"${text}" to be acknowledged`, isSent, timeoutMs)
  }

  /** Resolves when the other person's read position has arrived here. */
  untilRead(roomId: string, userId: string, seq: number, timeoutMs: number): Promise<void> {
    const position = () => this.conversation(roomId).participants.find(({ id }) => id === userId)?.lastReadSeq ?? 0
    return this.until(`${userId} to have read up to ${seq}`, () => position() >= seq, timeoutMs)
  }

  /** Resolves when so many messages wait in the browser's storage. */
  async untilStored(count: number, timeoutMs: number): Promise<void> {
    const database = await openOutboxDatabase(this.person.id, () => {})
    try {
      const isStored = async () => (await allEntries(database)).length === count
      await this.until(`${count} messages in the storage`, isStored, timeoutMs)
    } finally {
      database.close()
    }
  }

  /** Scrolls up to the first message; resolves to all of them. */
  async history(roomId: string): Promise<readonly ChatMessage[]> {
    this.open(roomId)
    await this.until('the conversation to be loaded', () => this.conversation(roomId).status === 'ready', 20_000)
    while (this.conversation(roomId).hasOlder) await this.client.chat.loadOlder(roomId)
    return this.conversation(roomId).messages
  }

  private async shown(roomId: string): Promise<void> {
    await this.until(`the list to show room ${roomId}`, () => this.room(roomId) !== undefined, 10_000)
    this.open(roomId)
    await this.until('the conversation to be loaded', () => this.conversation(roomId).status === 'ready', 10_000)
  }

  private showsAll(roomId: string): boolean {
    const { status, messages, room } = this.conversation(roomId)
    return status !== 'ready' || messages.at(-1)?.seq === room?.lastMessage?.seq
  }

  private shows(roomId: string, text: string): boolean {
    return this.conversation(roomId).messages.some(
      ({ message, senderId }) => message === text && senderId === this.person.id,
    )
  }

  private async until(what: string, isSo: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
    await waitFor(isSo, { timeoutMs, what: () => `${what} at ${this.person.name} (${this.connection.state})` })
  }

  private noteFailures(roomId: string): void {
    for (const { state, message, error } of this.conversation(roomId).outgoing) {
      const failure = `${message} (${error?.code})`
      if (state === 'failed' && !this.shownAsFailed.includes(failure)) this.shownAsFailed.push(failure)
    }
  }

  private async fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(input, { ...init, headers: { ...init.headers, cookie: this.person.cookie } })
    const isSend = init.method === 'POST' && String(input).endsWith('/api/chat/messages')
    if (isSend && response.ok) this.keep(ChatMessage.parse(await response.clone().json()))
    return response
  }

  private createManager(url: string, settings: ConstructorParameters<typeof Manager>[1]): Manager {
    const { socketUrl, connectTimeoutMs } = this.options
    const manager = new Manager(socketUrl ?? url, {
      ...settings,
      ...(connectTimeoutMs !== undefined && { timeout: connectTimeoutMs }),
    })
    manager.on('packet', (packet) => {
      const message = acknowledgedIn(packet)
      if (message) this.keep(message)
    })
    return manager
  }

  private keep(message: ChatMessage): void {
    this.acknowledgements.push(message)
    this.acknowledgedTexts.add(message.message)
  }
}
