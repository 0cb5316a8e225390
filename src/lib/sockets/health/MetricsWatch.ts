import type { HistoryPoint, MetricsSnapshot } from '@/contracts/admin'
import type { Logger } from '@/services/shared/Logger'
import type { AdminSocket } from '../core/sockets'
import { HISTORY_STEP_MS } from './History'

/** How long after each step of the history the watchers are told, in milliseconds: by then every instance has its point. */
const AFTER_STEP_MS = 250

export interface MetricsWatchDeps {
  snapshot: (sinceMs?: number) => Promise<MetricsSnapshot>
  logger: Logger
}

/** Tells everybody who watches, every 5 s, from one computation; rests while nobody does. */
export class MetricsWatch {
  /** Each watcher with the time of the last point it was told of. */
  private readonly watchers = new Map<AdminSocket, number>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly deps: MetricsWatchDeps) {}

  /** The whole snapshot, as an answer and as the event; from now on this socket is told what is new. */
  async begin(socket: AdminSocket): Promise<MetricsSnapshot> {
    if (!this.watchers.has(socket)) {
      socket.once('disconnect', () => this.end(socket))
      this.watchers.set(socket, 0)
    }
    const snapshot = await this.deps.snapshot()
    socket.emit('metrics:snapshot', snapshot)
    if (this.watchers.has(socket)) this.watchers.set(socket, lastTime(snapshot.history))
    this.timer ??= this.plan()
    return snapshot
  }

  stop(): void {
    this.watchers.clear()
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private end(socket: AdminSocket): void {
    this.watchers.delete(socket)
    if (this.watchers.size === 0) this.stop()
  }

  private plan(): ReturnType<typeof setTimeout> {
    return setTimeout(() => void this.tell(), HISTORY_STEP_MS - (Date.now() % HISTORY_STEP_MS) + AFTER_STEP_MS)
  }

  private async tell(): Promise<void> {
    try {
      const snapshot = await this.deps.snapshot(Math.min(...this.watchers.values()))
      const latest = lastTime(snapshot.history)
      for (const [socket, told] of this.watchers) {
        const history = snapshot.history.filter(({ at }) => Date.parse(at) > told)
        socket.emit('metrics:update', { ...snapshot, history })
        this.watchers.set(socket, Math.max(told, latest))
      }
    } catch (error) {
      this.deps.logger.warn('the watchers could not be told the metrics', { error })
    }
    this.timer = this.watchers.size > 0 ? this.plan() : undefined
  }
}

const lastTime = (history: readonly HistoryPoint[]): number => Date.parse(history.at(-1)?.at ?? '') || 0
