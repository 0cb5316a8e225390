import pTimeout from 'p-timeout'
import type { Readiness as ReadinessAnswer } from '@/contracts/health'
import type { Namespace } from '@/contracts/namespaces'

export interface ReadinessDeps {
  /** Rejects when the database does not answer. */
  pingDatabase: () => Promise<void>
  namespaces: readonly Namespace[]
  /** What is missing without which it serves all the same, as a sentence. */
  impairment: () => string | undefined
  /** How long the database may take, in milliseconds. */
  timeoutMs: number
}

/** Whether this process should be sent new clients. */
export class Readiness {
  private phase: 'starting' | 'serving' | 'draining' = 'starting'

  constructor(private readonly deps: ReadinessDeps) {}

  serve(): void {
    this.phase = 'serving'
  }

  drain(): void {
    this.phase = 'draining'
  }

  get isDraining(): boolean {
    return this.phase === 'draining'
  }

  get isServing(): boolean {
    return this.phase === 'serving'
  }

  async check(): Promise<ReadinessAnswer> {
    return { ...(await this.state()), namespaces: [...this.deps.namespaces] }
  }

  private async state(): Promise<Omit<ReadinessAnswer, 'namespaces'>> {
    if (this.phase === 'starting') return { status: 'starting', reason: 'The server is still starting.' }
    if (this.phase === 'draining') return { status: 'draining', reason: 'The server is shutting down.' }
    try {
      await pTimeout(this.deps.pingDatabase(), { milliseconds: this.deps.timeoutMs })
    } catch {
      return { status: 'unavailable', reason: 'The database does not answer.' }
    }
    const reason = this.deps.impairment()
    return reason ? { status: 'degraded', reason } : { status: 'ok' }
  }
}
