import type { PresenceMap } from '@/contracts/presence'
import type { NotificationsApi } from '../notifications/notificationsApi'
import type { PresenceView } from '../notifications/view'
import type { Clock } from '../transport/clock'
import type { ClientLog, Page } from '../transport/ports'
import { Signal } from '../transport/Signal'
import type { NotificationsLink } from '../transport/SocketClient'

/** How often presence is asked for while there is no live connection and somebody looks. */
const pollMs = 20_000
/**
 * How long after an answer it is asked once more. Somebody who was seen a moment ago counts as here for some 30 s without
 * a connection; that they are gone after all, after a crash of the server say, nobody tells.
 */
const confirmMs = 40_000
const ackMs = 5_000

export interface PresenceStoreDeps {
  clock: Clock
  log: ClientLog
  link: NotificationsLink
  api: NotificationsApi
  page: Page
}

/** Who of the people one shares a room with is here: asked at every connect, told of changes, polled without a connection. */
export class PresenceStore {
  private readonly changed = new Signal()
  private people: PresenceView = {}
  private asking: Promise<void> | undefined
  private answered = false
  private offs: (() => void)[] = []
  private cancelPoll = () => {}
  private cancelConfirm = () => {}

  constructor(private readonly deps: PresenceStoreDeps) {}

  start(): void {
    const { link } = this.deps
    this.offs = [
      link.on('presence:update', (update) => this.merge(update)),
      link.connectedNow.on(() => void this.askTwice()),
    ]
    this.poll()
  }

  stop(): void {
    this.cancelPoll()
    this.cancelConfirm()
    for (const off of this.offs) off()
  }

  /** For useSyncExternalStore, with `getSnapshot`. */
  readonly subscribe = (listener: () => void): (() => void) => this.changed.on(listener)

  /** The same object until something in it changes. */
  getSnapshot(): PresenceView {
    return this.people
  }

  /** Somebody is shown who is not known yet: asks for them too, once the first answer did not name them. */
  wonder(): void {
    if (this.answered) void this.askTwice()
  }

  /** Asks again: there may be new people to know of. Calls at the same time share one question. */
  ask(): Promise<void> {
    this.asking ??= this.askNow().finally(() => {
      this.asking = undefined
    })
    return this.asking
  }

  private askTwice(): Promise<void> {
    this.cancelConfirm()
    this.cancelConfirm = this.deps.clock.after(confirmMs, () => void this.ask())
    return this.ask()
  }

  private async askNow(): Promise<void> {
    const { link, api, log } = this.deps
    try {
      this.merge(link.connected ? await link.call('presence:sync', undefined, ackMs) : await api.presence())
      this.answered = true
    } catch (error) {
      log.warn('[Socket:/notifications] Asking who is here failed', { error: String(error) })
    }
  }

  private poll(): void {
    this.cancelPoll = this.deps.clock.after(pollMs, () => {
      if (!this.deps.link.connected && this.deps.page.isVisible()) void this.ask()
      this.poll()
    })
  }

  private merge(update: PresenceMap): void {
    this.people = { ...this.people, ...update }
    this.changed.emit()
  }
}
