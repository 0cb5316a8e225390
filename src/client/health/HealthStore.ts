import type { MetricsSnapshot } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import type { Clock } from '../transport/clock'
import { isSignedOut, problemOf } from '../transport/errors'
import { Signal } from '../transport/Signal'
import type { AdminLink } from './AdminLink'
import { createHealthActions } from './diagnostics'
import { HttpPolling } from './HttpPolling'
import { mergeHistory } from './history'
import type { HealthActions, HealthState, HealthView } from './view'

/** Updates come every 5 s; after three that stayed out the figures no longer count as live. */
export const lateAfterMs = 15_000
const requestTimeoutMs = 5_000
const askAgainMs = 2_000

export const noFiguresYet: HealthView = {
  state: 'connecting',
  problem: undefined,
  snapshot: undefined,
  history: [],
  receivedAt: undefined,
}

export interface HealthStoreDeps {
  link: AdminLink
  clock: Clock
  createId(): string
  /** The same figures over HTTP, for as long as the live connection is away. */
  readOverHttp(): Promise<MetricsSnapshot>
}

/** The server's figures as they come, for as long as it is started. Made for one start and one stop. */
export class HealthStore {
  readonly actions: HealthActions
  private readonly changed = new Signal()
  private view = noFiguresYet
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
      read: () => deps.readOverHttp(),
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

  /** For useSyncExternalStore, with `getView`. */
  readonly subscribe = (listener: () => void): (() => void) => this.changed.on(listener)
  /** The same object until something in it changes. */
  readonly getView = (): HealthView => this.view

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
    this.deps.link.call('metrics:request', undefined, requestTimeoutMs).then(
      (snapshot) => this.take(snapshot),
      (error: unknown) => this.askFailed(error),
    )
  }

  private askFailed(error: unknown): void {
    if (!this.deps.link.connected) return // the next connection asks again
    this.refusal = isRefusal(error) ? error : undefined
    this.cancelAsk = this.deps.clock.after(askAgainMs, () => {
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
    this.cancelLate = this.deps.clock.after(lateAfterMs, () => {
      this.refresh({ state: 'late' })
      if (this.deps.link.connected) this.ask()
    })
    this.show(snapshot)
  }

  private show({ history, ...snapshot }: MetricsSnapshot): void {
    this.refresh({
      snapshot,
      history: mergeHistory(this.view.history, history),
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
    const state = this.fresh ? (news.state ?? this.view.state) : this.stateWithoutFigures()
    const next = { ...this.view, ...news, state, problem: this.problem(state) }
    const { view } = this
    if (next.state === view.state && next.problem === view.problem && next.snapshot === view.snapshot) return
    this.view = next
    this.changed.emit()
  }

  private stateWithoutFigures(): HealthState {
    if (this.polled) return 'polling'
    if (this.refusal !== undefined || (!this.deps.link.connected && isRefusal(this.deps.link.problem))) return 'refused'
    return this.view.snapshot === undefined ? 'connecting' : 'reconnecting'
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
