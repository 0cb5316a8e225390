import { freeLocalPort } from '../../../scripts/support/ports'
import { type GuardedProcess, startGuarded } from '../guardedProcess'
import type { WebReady } from './serveWeb'

/** The HTTP API in a process of its own; to be killed and started again at the same port. */
export class WebProcess {
  private guarded: GuardedProcess<WebReady> | undefined

  private constructor(
    readonly port: number,
    private readonly env: Record<string, string>,
  ) {}

  /** `env` is what it is told beside our own environment, PORT excepted. */
  static async start(env: Record<string, string>): Promise<WebProcess> {
    const port = await freeLocalPort(undefined)
    const web = new WebProcess(port, { ...env, PORT: String(port) })
    await web.start()
    return web
  }

  get isRunning(): boolean {
    return this.guarded !== undefined
  }

  /** Resolves when it is ready to serve. */
  async start(): Promise<void> {
    this.guarded = await startGuarded<WebReady>(new URL('./serveWeb.ts', import.meta.url), this.env)
  }

  /** Sends the signal by process id and resolves when the process is gone. */
  async end(signal: 'SIGKILL'): Promise<void> {
    const { guarded } = this
    if (!guarded) throw new Error('The HTTP API does not run.')
    this.guarded = undefined
    process.kill(guarded.pid, signal)
    await guarded.died.catch(() => {}) // what was wanted
  }

  async stop(): Promise<void> {
    await this.guarded?.stop()
    this.guarded = undefined
  }
}
