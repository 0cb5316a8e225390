import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { createLinePrefixer, sayWarning } from './output'
import { isAlive, signal, stampOf, waitUntil } from './processes'
import { projectRoot } from './project'
import { ScriptError } from './ScriptError'

export interface ProcessSpec {
  name: 'web' | 'socket'
  /** What follows `node`. */
  args: string[]
  env: NodeJS.ProcessEnv
  /** Whether it serves by now. */
  isReady: () => Promise<boolean>
  /** How long it may take to end by itself after SIGTERM. */
  graceMs: number
  /** Keeps what it prints before it first serves, and shows that only if it never gets there. */
  quietStart: boolean
}

/** Loaded into every child: ends it when we are gone. */
export const leash = new URL('./exitWithSupervisor.mjs', import.meta.url).href
const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 30_000
/** Who served this long has earned a quick restart again. */
const HEALTHY_MS = 60_000
/** How long one attempt may take until it serves. */
const READY_MS = 90_000
/** Who dies this often before it ever served will not get better by itself. */
const FIRST_ATTEMPTS = 3

/**
 * A process that is kept running: when it dies it is started again after 1 s, doubling to 30 s, with a line that says
 * so. It has a session of its own, so that Ctrl-C reaches it once, through us, and its own children end with it.
 */
export class SupervisedProcess {
  /** Resolves when it serves; rejects when it cannot be brought to. */
  readonly ready: Promise<void>
  private announceReady: () => void = () => {}
  private announceFailure: (error: Error) => void = () => {}
  private readonly over: Promise<void>
  private readonly stopped = new AbortController()
  private child: ChildProcess | undefined
  private hasServed = false
  /** What it printed before it first served. */
  private saidBefore = ''

  constructor(private readonly spec: ProcessSpec) {
    this.ready = new Promise((resolve, reject) => {
      this.announceReady = resolve
      this.announceFailure = reject
    })
    this.ready.catch(() => {}) // for whoever waits for it; not to be reported twice
    this.over = this.keepRunning()
  }

  /** SIGTERM, time to end, then SIGKILL for it and all it started. */
  async stop(): Promise<void> {
    this.stopped.abort()
    const pid = this.child?.pid
    const stamp = pid === undefined ? undefined : stampOf(pid)
    if (stamp) {
      signal(stamp.pid, 'SIGTERM')
      await waitUntil(() => !isAlive(stamp), { timeoutMs: this.spec.graceMs })
    }
    this.kill()
    await this.over
  }

  /** SIGKILL at once, for it and all it started. */
  kill(): void {
    this.stopped.abort()
    if (this.child?.pid !== undefined) signal(-this.child.pid, 'SIGKILL')
  }

  private async keepRunning(): Promise<void> {
    let delayMs = FIRST_DELAY_MS
    for (let attempt = 1; !this.stopped.signal.aborted; attempt += 1) {
      const { ending, servedMs } = await this.runOnce()
      if (this.stopped.signal.aborted) return
      if (!this.hasServed && attempt >= FIRST_ATTEMPTS) return this.fail(`it ended with ${ending}`)
      if (servedMs > HEALTHY_MS) delayMs = FIRST_DELAY_MS
      sayWarning(`${this.spec.name} ended with ${ending}. Starting it again in ${delayMs / 1_000} s.`)
      await delay(delayMs, undefined, { signal: this.stopped.signal }).catch(() => {})
      delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    }
  }

  private async runOnce(): Promise<{ ending: string; servedMs: number }> {
    const { args, env } = this.spec
    const child = spawn(process.execPath, ['--import', leash, ...args], {
      cwd: projectRoot,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.child = child
    this.showOutput(child)
    let servingSince: number | undefined
    void this.watchUntilReady(child).then((since) => {
      servingSince = since
    })
    const ending = await endOf(child)
    if (child.pid !== undefined) signal(-child.pid, 'SIGKILL') // whatever it started and left behind
    return { ending, servedMs: servingSince === undefined ? 0 : Date.now() - servingSince }
  }

  private showOutput(child: ChildProcess): void {
    const show = createLinePrefixer(this.spec.name, (text) => process.stdout.write(text))
    const listen = (chunk: Buffer): void => {
      if (!this.hasServed) this.saidBefore += chunk.toString()
      if (this.hasServed || !this.spec.quietStart) show(chunk.toString())
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
  }

  /** When this child began to serve; undefined if it ended first. */
  private async watchUntilReady(child: ChildProcess): Promise<number | undefined> {
    const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
    const look = async (): Promise<boolean> => hasEnded() || (await this.spec.isReady())
    const reached = await waitUntil(look, { timeoutMs: READY_MS, everyMs: 100 })
    if (hasEnded()) return undefined
    if (!reached) {
      if (!this.hasServed) this.fail(`it does not answer within ${READY_MS / 1_000} s`)
      return undefined
    }
    if (this.hasServed) sayWarning(`${this.spec.name} is back.`)
    this.hasServed = true
    this.announceReady()
    return Date.now()
  }

  private fail(reason: string): void {
    const { name, quietStart } = this.spec
    const said = quietStart ? `${this.saidBefore.trim()}\n\n` : ''
    this.announceFailure(new ScriptError(`${said}The ${name} process does not start: ${reason}.`))
  }
}

/** How it ended, in words. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, name) => resolve(name ? `signal ${name}` : `code ${code}`))
  })
}
