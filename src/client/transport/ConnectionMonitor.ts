import type { ConnectionView } from '../chat/view'
import type { Clock } from './clock'
import { connectionProblem, connectionState, shownDownMs } from './connectionState'
import type { HttpReach } from './HttpReach'
import type { Page } from './ports'
import { Signal } from './Signal'

/** What a namespace's link says of itself. */
interface WatchedLink {
  connected: boolean
  transport: string | undefined
  failures: number
  downSince: number | undefined
  problem: unknown
  connectMs: number | undefined
  reconnects: number
  changed: { on(listener: () => void): () => void }
}

interface WatchedQueue {
  waiting: number
  storageWarning: string | undefined
  changed: { on(listener: () => void): () => void }
}

export interface ConnectionMonitorDeps {
  clock: Clock
  page: Page
  link: WatchedLink
  reach: HttpReach
  queue: WatchedQueue
}

/** Draws the connection's facts together into what the page shows. */
export class ConnectionMonitor {
  readonly changed = new Signal()
  private current: ConnectionView | undefined
  private everConnected = false
  private cancelTimer: (() => void) | undefined
  private offs: (() => void)[] = []

  constructor(private readonly deps: ConnectionMonitorDeps) {}

  start(): void {
    const { link, reach, queue, page } = this.deps
    this.offs = [
      link.changed.on(() => this.refresh()),
      reach.changed.on(() => this.refresh()),
      queue.changed.on(() => this.refresh()),
      page.onChange(() => {
        if (!page.isOnline()) reach.forget()
        this.refresh()
      }),
    ]
    this.refresh()
  }

  stop(): void {
    for (const off of this.offs) off()
    this.offs = []
    this.cancelTimer?.()
  }

  /** The same object until something in it changes. */
  view(): ConnectionView {
    this.current ??= this.compose()
    return this.current
  }

  private refresh(): void {
    const { link, clock } = this.deps
    this.everConnected ||= link.connected
    this.cancelTimer?.()
    const leftMs = link.downSince === undefined ? 0 : link.downSince + shownDownMs - clock.now()
    this.cancelTimer = leftMs > 0 ? clock.after(leftMs, () => this.refresh()) : undefined
    const next = this.compose()
    if (JSON.stringify(next) === JSON.stringify(this.current)) return
    this.current = next
    this.changed.emit()
  }

  private compose(): ConnectionView {
    const { clock, page, link, reach, queue } = this.deps
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
      queued: queue.waiting,
      storageWarning: queue.storageWarning,
      metrics: { transport: link.transport, connectMs: link.connectMs, reconnects: link.reconnects },
    }
  }
}
