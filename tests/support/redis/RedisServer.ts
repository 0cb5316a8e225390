import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { freeLocalPort } from '../../../scripts/support/ports'
import { waitUntil } from '../../../scripts/support/processes'
import { ensureSystemTool } from '../systemTools'

const START_MS = 20_000

/** A real redis-server on 127.0.0.1 that keeps nothing on disk; to be killed, frozen and started again at the same port. */
export class RedisServer {
  private child: ChildProcess | undefined

  private constructor(
    private readonly command: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  /** @param settings - more of redis-server's own arguments. */
  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await ensureSystemTool('redis-server'), await freeLocalPort(undefined), settings)
    await server.start()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('redis-server does not run.')
    return this.child.pid
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  /** Starts it, empty; resolves when it accepts connections. */
  async start(): Promise<void> {
    const child = spawn(
      this.command,
      ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...this.settings],
      { stdio: 'ignore' },
    )
    this.child = child
    dieWith(child.pid)
    const isUp = async () => child.exitCode !== null || (await isListening(this.port))
    if (!(await waitUntil(isUp, { timeoutMs: START_MS })) || child.exitCode !== null) {
      throw new Error(`redis-server does not start at port ${this.port} (exit code ${child.exitCode}).`)
    }
  }

  /** Ends it at once, as a crash would. Nothing happens when it does not run. */
  async kill(): Promise<void> {
    const { child } = this
    this.child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  /** From now on it accepts connections and answers nothing, until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.child?.kill('SIGCONT')
  }
}

/** Ends the server when this process is gone, however that went: then the pipe it never writes to closes. */
function dieWith(pid: number | undefined): void {
  const lifeline = spawn('/bin/sh', ['-c', `cat >/dev/null; kill -9 ${pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  lifeline.unref()
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
