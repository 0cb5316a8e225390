import { chatCommands } from '@/contracts/chat'
import { type PermissionsUpdated, pageContracts } from '@/contracts/events'
import type { Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { Blocks } from './chat/Blocks'
import { ChatStore } from './chat/ChatStore'
import { ClearedIds } from './notifications/ClearedIds'
import { NotificationStore } from './notifications/NotificationStore'
import type { CopyKeeper, CopyKeeperDeps } from './offline/CopyKeeper'
import { forgetCopy } from './offline/forgetCopy'
import { Outbox } from './outbox/Outbox'
import type { LimitName, SendLimitView } from './outbox/SendLimit'
import type { TabChannel } from './outbox/tabChannel'
import { PresenceStore } from './presence/PresenceStore'
import { EventEmitter } from './runtime/EventEmitter'
import type { LocalText } from './runtime/localText'
import { createRuntime, type Runtime, type Surroundings } from './runtime/runtime'
import type { Store } from './runtime/Store'
import { ConnectionMonitor, type ConnectionView } from './transport/ConnectionMonitor'
import type { HttpClient } from './transport/HttpClient'
import { HttpReach } from './transport/HttpReach'
import type { CreateManager } from './transport/ManagerLink'
import { type ChatLink, type NotificationsLink, SocketClient } from './transport/SocketClient'
import { createFetchToken } from './transport/TokenCache'
import { createTransport, type Transport } from './transport/Transport'

export interface TandemClientDeps extends Surroundings {
  userId: string
  /** What this person may do as the client starts: what they may not read it never asks for. */
  permissions: readonly Permission[]
  http: HttpClient
  createManager: CreateManager
  createClientId(): string
  localText: LocalText
  locks: LockManager | undefined
  channel: TabChannel
  /** As `ChatStoreDeps` says; default: none. */
  loadAhead?: number
  /** What keeps conversations for a visit without a network; default: nothing is kept. */
  loadKeeper?: ((runtime: Runtime, deps: Omit<CopyKeeperDeps, 'keepPage'>) => Promise<CopyKeeper>) | undefined
}

/** Coming back fires several events at once; one look is enough. */
const SHOWN_EVERY_MS = 1_000
/** Where only some requests are answered, each answer would otherwise end every other one's back-off at once. */
const ANSWERED_EVERY_MS = 10_000
/** The first moments of a page belong to what is asked of the server. */
const KEEP_AFTER_MS = 3_000

/** Everything one signed-in person's page needs of the server. Made for one start and one stop. */
export class TandemClient {
  readonly socket: SocketClient
  readonly transport: Transport
  readonly chat: ChatStore
  readonly blocks: Blocks
  readonly notifications: NotificationStore
  readonly presence: PresenceStore
  readonly connection: Store<ConnectionView>
  readonly sendLimits: Readonly<Record<LimitName, Store<SendLimitView>>>
  /** The person is not signed in any more, or somebody else is. */
  readonly signedOut = new EventEmitter()
  /** What this person may do from now on; the same again at every connect. */
  readonly permissionsUpdated = new EventEmitter<[Permission[]]>()
  /** A namespace refused this person: perhaps they may do less by now, and no connection is left to say so. */
  readonly refused = new EventEmitter()
  readonly runtime: ReturnType<typeof createRuntime>
  private readonly permissions: readonly Permission[]
  private readonly reach: HttpReach
  private readonly chatLink: ChatLink
  readonly notificationsLink: NotificationsLink
  private readonly outbox: Outbox
  private readonly monitor: ConnectionMonitor
  private keeper: Promise<CopyKeeper> | undefined
  private shownAt = Number.NEGATIVE_INFINITY
  private answeredAt = Number.NEGATIVE_INFINITY
  private wasOnline = true

  constructor(private readonly deps: TandemClientDeps) {
    const { userId, permissions, createManager, createClientId, locks, channel } = deps
    const runtime = createRuntime(deps)
    const reach = new HttpReach(deps.http)
    const socket = new SocketClient(runtime, { createManager, fetchToken: createFetchToken(reach, userId) })
    const chatLink = socket.open('/chat', pageContracts['/chat'].events)
    const link = socket.open('/notifications', pageContracts['/notifications'].events)
    const transport = createTransport({ http: reach, clock: runtime.clock, linkOf: (name) => socket.linkOf(name) })
    const outbox = new Outbox(runtime, {
      userId,
      tabId: createClientId(),
      locks,
      channel,
      createClientId,
      findRoom: (participantId) => transport.call(chatCommands.getOrCreateRoom, { participantId }),
      isCutOff: () => !runtime.page.isOnline() && !chatLink.connected,
      send: ({ roomId, message, clientId, senderId, replyTo, mentions, change }, noAnswer) => {
        const options = { noAnswer }
        if (change === undefined) {
          const answering = replyTo && { replyToId: replyTo.id }
          const naming = mentions && mentions.length > 0 ? { mentions } : {}
          return transport.call(
            chatCommands.sendMessage,
            { roomId, message, clientId, senderId, ...answering, ...naming },
            options,
          )
        }
        const { messageId } = change
        switch (change.kind) {
          case 'edit':
            return transport.call(chatCommands.editMessage, { messageId, message, mentions, clientId }, options)
          case 'delete':
            return transport.call(chatCommands.deleteMessage, { messageId, clientId }, options)
          case 'react': {
            const { emoji, on } = change
            return transport.call(chatCommands.setReaction, { messageId, emoji, on, clientId }, options)
          }
        }
      },
    })
    this.runtime = runtime
    this.permissions = permissions
    this.reach = reach
    this.socket = socket
    this.chatLink = chatLink
    this.notificationsLink = link
    this.transport = transport
    this.outbox = outbox
    this.monitor = new ConnectionMonitor(runtime, {
      link: permissions.includes('chat:read') ? chatLink : link,
      reach,
      outbox,
    })
    this.connection = this.monitor.view
    const { messages, changes, rooms } = outbox.limits
    this.sendLimits = { messages: messages.view, changes: changes.view, rooms: rooms.view }
    const cleared = new ClearedIds(userId, deps.localText)
    this.notifications = new NotificationStore(runtime, { transport, link, cleared })
    this.presence = new PresenceStore(runtime, { transport, link })
    this.chat = new ChatStore(runtime, {
      userId,
      transport,
      link: chatLink,
      outbox,
      createClientId,
      loadAhead: deps.loadAhead ?? 0,
    })
    this.blocks = new Blocks({ transport, link: chatLink, refreshRooms: () => this.chat.reload() })
  }

  start(): void {
    const { chatLink, notificationsLink, reach, outbox, socket, runtime } = this
    const { wake, page } = runtime
    for (const link of [chatLink, notificationsLink]) link.connectedNow.on(() => wake.emit())
    for (const { signedOut } of [socket, reach]) signedOut.on(() => this.signedOut.emit())
    const heard = ({ permissions }: PermissionsUpdated) => this.permissionsUpdated.emit(permissions)
    chatLink.on('permissionsUpdated', heard)
    notificationsLink.on('permissionsUpdated', heard)
    socket.refused.on(() => this.refused.emit())
    chatLink.on('rateLimitWarning', ({ remaining }) => outbox.warn(remaining))
    reach.changed.on(() => this.answered())
    page.onWake(() => this.shown())
    page.onChange(() => this.noteNetwork())
    this.monitor.start()
    const mayChat = this.may('chat:read')
    const mayNotify = this.may('notifications:read')
    if (mayChat) for (const part of [this.chat, this.blocks, outbox]) part.start()
    if (mayNotify && this.may('presence:read')) this.presence.start()
    if (mayNotify) this.notifications.start()
    if (mayChat) chatLink.start()
    if (mayNotify) notificationsLink.start()
  }

  /**
   * Keeps the latest conversations in this browser, for this person alone; also to be called when they have changed. Of who
   * may not read them any more it keeps none.
   * @param restores - shows what is kept: on a page that no server rendered, at once.
   */
  keepCopy(person: CurrentUser, restores = false): void {
    this.kept(person, restores).catch((error: unknown) => {
      this.runtime.log.warn('[Offline copy] Failed', { error: String(error) })
    })
  }

  stop(): void {
    this.notifications.flushRemovals()
    this.runtime.stop()
    this.socket.stop()
  }

  /** Under the name `localhost` Socket.IO's client does not hear that the network went, and would look live for long. */
  private noteNetwork(): void {
    const online = this.runtime.page.isOnline()
    if (this.wasOnline && !online) this.chatLink.abandon()
    this.wasOnline = online
  }

  /** HTTP works again, perhaps. */
  private answered(): void {
    const now = this.runtime.clock.now()
    if (this.reach.answers !== true || now - this.answeredAt < ANSWERED_EVERY_MS) return
    this.answeredAt = now
    this.runtime.wake.emit()
  }

  private async kept(person: CurrentUser, restores: boolean): Promise<void> {
    const { runtime, chat, keeper, deps } = this
    const { loadKeeper } = deps
    if (!this.may('chat:read')) return forgetCopy()
    if (loadKeeper === undefined) return
    if (keeper !== undefined) return (await keeper).own(person)
    const begin = async () => {
      await new Promise<void>((resolve) => runtime.clock.after(restores ? 0 : KEEP_AFTER_MS, resolve))
      const begun = await loadKeeper(runtime, { chat })
      await begun.start(person, restores)
      return begun
    }
    this.keeper = begin()
    await this.keeper
  }

  private may(permission: Permission): boolean {
    return this.permissions.includes(permission)
  }

  private shown(): void {
    const now = this.runtime.clock.now()
    if (now - this.shownAt < SHOWN_EVERY_MS) return
    this.shownAt = now
    this.runtime.wake.emit()
    if (this.may('chat:read')) this.chat.shown()
    if (this.may('notifications:read')) this.notifications.shown()
  }
}
