import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Readiness } from '@/contracts/health'
import { buildForNode, bundleSocket } from '../../../scripts/support/build'
import { waitUntil } from '../../../scripts/support/processes'
import { inProject, projectRoot } from '../../../scripts/support/project'
import { findSecret, noteSecretsOf } from '../servers/secrets'
import type { LoopDelay } from './loopDelay'

const bundles = inProject('node_modules', '.cache', 'tandem-chaos')
const bundle = path.join(bundles, 'websocket-standalone.mjs')
const loopDelay = inProject('tests', 'support', 'processes', 'loopDelay.ts')
const readyMs = 20_000
const logLines = 5_000

/** How a process ended, and how long that took. */
export interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  ms: number
}

/** The socket server as its users run it: one bundle, one process; to be killed and started again at the same port. */
export class SocketProcess {
  /** How many lines it has printed, in all its lives. */
  logged = 0
  /** The last of them. */
  private readonly log: string[] = []
  /** A line that it should not have printed. */
  private leak: string | undefined
  private child: ChildProcess | undefined
  private isEnding = false
  /** Told when it ends without having been asked to. */
  onDeath: (reason: Error) => void = () => {}

  private constructor(
    readonly port: number,
    private readonly env: Record<string, string>,
    private readonly preload: string,
  ) {}

  /**
   * Bundles the sources as they are, and starts it. `env` is its whole configuration, SOCKET_PORT excepted; `preload` is
   * loaded before it, and answers what it is asked.
   */
  static async start(port: number, env: Record<string, string>, preload = loopDelay): Promise<SocketProcess> {
    await bundleSocket(bundle)
    const bundledPreload = path.join(bundles, `${path.parse(preload).name}.mjs`)
    await buildForNode(preload, bundledPreload)
    noteSecretsOf(env)
    const server = new SocketProcess(port, { ...env, SOCKET_PORT: String(port) }, bundledPreload)
    await server.start()
    return server
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('The socket server does not run.')
    return this.child.pid
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  /** Resolves when it is ready to serve. */
  async start(): Promise<void> {
    // As `pnpm start` runs it.
    const args = ['--enable-source-maps', '--import', pathToFileURL(this.preload).href, bundle]
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      env: { ...this.env, NODE_ENV: 'production' },
      // Its supervisor is this process: when the channel closes it ends by itself.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.child = child
    child.once('exit', (code, signal) => {
      if (!this.isEnding) this.onDeath(new Error(`The socket server ended: ${signal ?? `exit code ${code}`}.`))
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => this.keep(chunk.toString()))
    const isUp = async () => !this.isRunning || (await isReady(this.port))
    if (!(await waitUntil(isUp, { timeoutMs: readyMs })) || !this.isRunning) {
      throw new Error(`The socket server does not start:\n${this.log.slice(-20).join('\n')}`)
    }
  }

  /** Sends a signal by process id and resolves when the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ending> {
    const { child } = this
    if (!child || !this.isRunning) throw new Error('The socket server does not run.')
    const since = Date.now()
    const ended = once(child, 'exit')
    this.isEnding = true
    child.kill(signal)
    await ended
    this.isEnding = false
    return { code: child.exitCode, signal: child.signalCode, ms: Date.now() - since }
  }

  /** Resident memory, in bytes. */
  residentBytes(): number {
    const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(this.pid)], { encoding: 'utf8' })
    return Number(stdout.trim()) * 1024
  }

  /** What it says of itself at `/health/ready`; `silent` when it does not answer. */
  async status(): Promise<string> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}/health/ready`, { signal: AbortSignal.timeout(2_000) })
      return Readiness.parse(await response.json()).status
    } catch {
      return 'silent'
    }
  }

  /** How late its event loop was since the last time anybody asked. */
  loopDelay(): Promise<LoopDelay> {
    return this.ask('loop delay')
  }

  /** What its preload answers. */
  async ask<Answer>(question: string): Promise<Answer> {
    const { child } = this
    if (!child || !this.isRunning) throw new Error('The socket server does not run.')
    const answer = once(child, 'message', { signal: AbortSignal.timeout(10_000) })
    child.send(question)
    const [answered] = await answer
    return answered as Answer // nothing but the preload sends anything
  }

  /** @throws Error when it has printed a secret. */
  async stop(): Promise<void> {
    if (this.isRunning) await this.end('SIGKILL')
    if (this.leak !== undefined) throw new Error(`The socket server printed ${this.leak}`)
  }

  /** What it printed after so many lines, as far back as is kept: some thousand lines. */
  loggedSince(count: number): readonly string[] {
    return this.log.slice(Math.max(0, this.log.length - (this.logged - count)))
  }

  private keep(text: string): void {
    const lines = text.split('\n').filter((line) => line !== '')
    this.logged += lines.length
    this.log.push(...lines)
    this.leak ??= findSecret(lines)
    this.log.splice(0, Math.max(0, this.log.length - logLines))
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}
