import type { EventEmitter } from '../runtime/EventEmitter'
import type { Runtime } from '../runtime/runtime'
import { Store } from '../runtime/Store'
import {
  type ConnectionProblem,
  type ConnectionState,
  connectionProblem,
  connectionState,
  SHOWN_DOWN_MS,
} from './connectionState'
import type { HttpReach } from './HttpReach'
import type { ChatLink, NotificationsLink } from './SocketClient'

/** How this page reaches the server, for its people: state, reason, and how many messages wait. */
export interface ConnectionView {
  state: ConnectionState
  problem: ConnectionProblem | undefined
  /** Messages of this person that wait for acknowledgement, in all tabs. */
  queued: number
  /** Said once when IndexedDB is refused: messages then wait in memory only. */
  storageWarning: string | undefined
  metrics: { transport: string | undefined; connectMs: number | undefined; reconnects: number }
}

export interface ConnectionMonitorDeps {
  /** Which stands for all of them. */
  link: ChatLink | NotificationsLink
  reach: HttpReach
  outbox: {
    waiting: number
    storageWarning: string | undefined
    changed: Pick<EventEmitter<[string | undefined]>, 'on'>
  }
}

/** Draws the connection's facts together into what the page shows. */
export class ConnectionMonitor {
  private current: ConnectionView
  readonly view = new Store(() => this.current)
  private everConnected = false
  private cancelTimer = () => {}

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: ConnectionMonitorDeps,
  ) {
    this.current = this.compose()
  }

  start(): void {
    const { link, reach, outbox } = this.deps
    const { page } = this.runtime
    for (const { changed } of [link, reach, outbox]) changed.on(() => this.refresh())
    page.onChange(() => {
      if (!page.isOnline()) reach.forget()
      this.refresh()
    })
    this.refresh()
  }

  private refresh(): void {
    const { link } = this.deps
    const { clock } = this.runtime
    this.everConnected ||= link.connected
    this.cancelTimer()
    const leftMs = link.downSince === undefined ? 0 : link.downSince + SHOWN_DOWN_MS - clock.now()
    this.cancelTimer = leftMs > 0 ? clock.after(leftMs, () => this.refresh()) : () => {}
    const next = this.compose()
    if (JSON.stringify(next) === JSON.stringify(this.current)) return
    this.current = next
    this.view.invalidate()
  }

  private compose(): ConnectionView {
    const { link, reach, outbox } = this.deps
    const { clock, page } = this.runtime
    const state = connectionState({
      connected: link.connected,
      transport: link.transport,
      everConnected: this.everConnected,
      failures: link.failures,
      downForMs: link.downSince === undefined ? 0 : clock.now() - link.downSince,
      problem: link.problem,
      httpAnswers: reach.answers,
      online: page.isOnline(),
    })
    return {
      state,
      problem: connectionProblem(state, link.problem),
      queued: outbox.waiting,
      storageWarning: outbox.storageWarning,
      metrics: { transport: link.transport, connectMs: link.connectMs, reconnects: link.reconnects },
    }
  }
}
