import type { Readiness as ReadinessAnswer } from '@/contracts/health'

export interface ReadinessDeps {
  /** Rejects when the database does not answer. */
  pingDatabase: () => Promise<void>
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
    if (this.phase === 'starting') return { status: 'starting', reason: 'The server is still starting.' }
    if (this.phase === 'draining') return { status: 'draining', reason: 'The server is shutting down.' }
    const answered = await Promise.race([
      this.deps.pingDatabase().then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(resolve, this.deps.timeoutMs, false).unref()),
    ])
    return answered ? { status: 'ok' } : { status: 'unavailable', reason: 'The database does not answer.' }
  }
}
