import { type AdminEvents, adminCommands, adminQueries, type MetricsSnapshot } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import { isSignedOut } from '../runtime/errors'
import { Store } from '../runtime/Store'
import { problemOf } from '../transport/connectionState'
import type { NamespaceLink } from '../transport/NamespaceLink'
import { createHealthActions, type DiagnosticsDeps } from './diagnostics'
import { HttpPolling } from './HttpPolling'
import { mergeHistory } from './history'
import type { HealthActions, HealthState, HealthView } from './view'

/** Updates come every 5 s; after three that stayed out the figures no longer count as live. */
const LATE_AFTER_MS = 15_000
const ASK_AGAIN_MS = 2_000
const HTTP_TIMEOUT_MS = 5_000

/** The view before anything was answered. */
export const NO_FIGURES_YET: HealthView = {
  state: 'connecting',
  problem: undefined,
  snapshot: undefined,
  history: [],
  receivedAt: undefined,
}

export interface HealthStoreDeps extends DiagnosticsDeps {
  link: Pick<NamespaceLink<AdminEvents>, 'start' | 'stop' | 'on' | 'connected' | 'problem' | 'changed' | 'connectedNow'>
}

/** The server's figures as they come, for as long as it is started. Made for one start and one stop. */
export class HealthStore {
  readonly actions: HealthActions
  private current = NO_FIGURES_YET
  readonly view = new Store(() => this.current)
  /** Figures have come over the present connection. */
  private fresh = false
  /** The newest figures came over HTTP, and the live connection is still away. */
  private polled = false
  private readonly polling: HttpPolling
  private refusal: AppError | undefined
  private offs: (() => void)[] = []
  private cancelLate = () => {}
  private cancelAsk = () => {}

  constructor(private readonly deps: HealthStoreDeps) {
    this.actions = createHealthActions(deps)
    this.polling = new HttpPolling({
      clock: deps.clock,
      read: () => deps.transport.call(adminQueries.systemMetrics, undefined, { timeoutMs: HTTP_TIMEOUT_MS }),
      onSnapshot: (snapshot) => {
        this.polled = true
        this.show(snapshot)
      },
      onFailure: () => {
        this.polled = false
        this.refresh({})
      },
    })
  }

  start(): void {
    const { link } = this.deps
    this.offs = [
      link.connectedNow.on(() => this.ask()),
      link.changed.on(() => this.noteConnection()),
      link.on('metrics:update', (update) => this.take(update)),
    ]
    link.start()
    if (link.connected) this.ask()
    else this.polling.begin()
  }

  stop(): void {
    for (const off of this.offs) off()
    this.cancelLate()
    this.cancelAsk()
    this.polling.end()
    this.deps.link.stop()
  }

  /** Asks for everything; updates follow by themselves until the connection ends. */
  private ask(): void {
    this.cancelAsk()
    this.refusal = undefined
    this.deps.transport.call(adminCommands['metrics:request'], undefined).then(
      (snapshot) => this.take(snapshot),
      (error: unknown) => this.askFailed(error),
    )
  }

  private askFailed(error: unknown): void {
    if (!this.deps.link.connected) return // the next connection asks again
    this.refusal = isRefusal(error) ? error : undefined
    this.cancelAsk = this.deps.clock.after(ASK_AGAIN_MS, () => {
      if (this.deps.link.connected) this.ask()
    })
    this.refresh({})
  }

  private take(snapshot: MetricsSnapshot): void {
    if (!this.deps.link.connected) return
    this.fresh = true
    this.polled = false
    this.polling.end()
    this.cancelLate()
    this.cancelLate = this.deps.clock.after(LATE_AFTER_MS, () => {
      this.refresh({ state: 'late' })
      if (this.deps.link.connected) this.ask()
    })
    this.show(snapshot)
  }

  private show({ history, ...snapshot }: MetricsSnapshot): void {
    this.refresh({
      snapshot,
      history: mergeHistory(this.current.history, history),
      receivedAt: this.deps.clock.now(),
      state: 'live',
    })
  }

  private noteConnection(): void {
    if (!this.deps.link.connected) {
      this.fresh = false
      this.cancelLate()
      this.cancelAsk()
      this.polling.begin()
    }
    this.refresh({})
  }

  private refresh(news: Partial<HealthView>): void {
    const state = this.fresh ? (news.state ?? this.current.state) : this.stateWithoutFigures()
    const next = { ...this.current, ...news, state, problem: this.problem(state) }
    const { current } = this
    if (next.state === current.state && next.problem === current.problem && next.snapshot === current.snapshot) return
    this.current = next
    this.view.invalidate()
  }

  private stateWithoutFigures(): HealthState {
    if (this.polled) return 'polling'
    if (this.refusal !== undefined || (!this.deps.link.connected && isRefusal(this.deps.link.problem))) return 'refused'
    return this.current.snapshot === undefined ? 'connecting' : 'reconnecting'
  }

  private problem(state: HealthState): string | undefined {
    if (state === 'live' || state === 'late') return undefined
    const error = this.refusal ?? this.deps.link.problem
    if (error === undefined) return undefined
    return state === 'refused' && error instanceof AppError ? error.message : problemOf(error).message
  }
}

/** Trying again cannot help until somebody changes something: the role, or the namespaces that are served. */
const isRefusal = (error: unknown): error is AppError =>
  isSignedOut(error) || (error instanceof AppError && (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND'))
