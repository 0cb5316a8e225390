import { ClearedIds, type IdStorage } from '../notifications/clearedIds'
import { NotificationStore } from '../notifications/NotificationStore'
import { createNotificationsApi } from '../notifications/notificationsApi'
import { OfflineQueue } from '../outbox/offlineQueue'
import type { SendLimit } from '../outbox/SendLimit'
import { PresenceStore } from '../presence/PresenceStore'
import { ConnectionMonitor } from '../transport/ConnectionMonitor'
import type { Clock, Random } from '../transport/clock'
import { HttpReach } from '../transport/HttpReach'
import type { CreateManager } from '../transport/ManagerLink'
import type { ClientLog, HttpPort, Page } from '../transport/ports'
import { Signal } from '../transport/Signal'
import { SocketClient } from '../transport/SocketClient'
import { createSendCommand } from '../transport/sendCommand'
import { createFetchToken } from '../transport/sessionTokens'
import type { TabChannel } from '../transport/tabChannel'
import { ChatStore } from './ChatStore'
import { createChatApi } from './chatApi'
import type { ConnectionView } from './view'

export interface ChatClientDeps {
  userId: string
  http: HttpPort
  clock: Clock
  random: Random
  log: ClientLog
  page: Page
  createManager: CreateManager
  createClientId(): string
  /** Undefined where the browser refuses it. */
  localStorage: IdStorage | undefined
  locks: LockManager | undefined
  channel: TabChannel
}

/** Coming back fires several events at once; one look is enough. */
const wakeEveryMs = 1_000

/** Everything one signed-in person's page needs of the server. Made for one start and one stop. */
export class ChatClient {
  readonly socket: SocketClient
  readonly chat: ChatStore
  readonly notifications: NotificationStore
  readonly presence: PresenceStore
  readonly sendLimit: SendLimit
  /** The person is not signed in any more, or somebody else is. */
  readonly signedOut = new Signal()
  private readonly reach: HttpReach
  private readonly queue: OfflineQueue
  private readonly monitor: ConnectionMonitor
  private readonly link
  private offs: (() => void)[] = []
  private wokeAt = Number.NEGATIVE_INFINITY
  private wasOnline = true

  constructor(private readonly deps: ChatClientDeps) {
    const { userId, clock, random, log, page, createManager, createClientId, locks, channel } = deps
    this.reach = new HttpReach(deps.http)
    const fetchToken = createFetchToken(this.reach, userId)
    this.socket = new SocketClient({ clock, random, log, createManager, fetchToken })
    this.link = this.socket.namespace('/chat')
    const { link } = this
    const api = createChatApi(this.reach)
    const send = createSendCommand({ socket: link, api, clock, suspect: () => link.abandon() })
    this.queue = new OfflineQueue({
      userId,
      tabId: createClientId(),
      clock,
      random,
      log,
      locks,
      channel,
      createClientId,
      send: ({ roomId, message, clientId, senderId }) => send('sendMessage', { roomId, message, clientId, senderId }),
    })
    this.sendLimit = this.queue.limit
    this.monitor = new ConnectionMonitor({ clock, page, link, reach: this.reach, queue: this.queue })
    const notificationsLink = this.socket.namespace('/notifications')
    const notificationsApi = createNotificationsApi(this.reach)
    const parts = { clock, random, log, page, link: notificationsLink, api: notificationsApi }
    this.notifications = new NotificationStore({ ...parts, cleared: new ClearedIds(userId, deps.localStorage) })
    this.presence = new PresenceStore(parts)
    this.chat = new ChatStore({ userId, clock, random, log, page, link, api, send, queue: this.queue, createClientId })
  }

  /** For useSyncExternalStore, with `connectionView`. */
  readonly subscribeConnection = (listener: () => void): (() => void) => this.monitor.changed.on(listener)

  connectionView(): ConnectionView {
    return this.monitor.view()
  }

  start(): void {
    const { link, reach, queue, chat, socket } = this
    this.offs = [
      link.connectedNow.on(() => queue.hurry()),
      link.on('rateLimitWarning', ({ remaining }) => queue.limit.warn(remaining)),
      reach.changed.on(() => {
        if (reach.answers !== true) return
        queue.hurry()
        chat.hurry()
        this.notifications.hurry()
      }),
      this.deps.page.onWake(() => this.wake()),
      this.deps.page.onChange(() => this.noteNetwork()),
      socket.signedOut.on(() => this.signedOut.emit()),
      reach.signedOut.on(() => this.signedOut.emit()),
    ]
    chat.start()
    queue.start()
    this.monitor.start()
    link.start()
    this.presence.start()
    this.notifications.start()
  }

  stop(): void {
    for (const off of this.offs) off()
    this.monitor.stop()
    this.notifications.stop()
    this.presence.stop()
    this.chat.stop()
    this.queue.stop()
    this.socket.stop()
  }

  /** Under the name `localhost` Socket.IO's client does not hear that the network went, and would look live for long. */
  private noteNetwork(): void {
    const online = this.deps.page.isOnline()
    if (this.wasOnline && !online) this.link.abandon()
    this.wasOnline = online
  }

  private wake(): void {
    const now = this.deps.clock.now()
    if (now - this.wokeAt < wakeEveryMs) return
    this.wokeAt = now
    this.socket.retryNow()
    this.queue.hurry()
    this.chat.wake()
    this.notifications.wake()
  }
}
