import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { ensureBuild } from '../../../scripts/support/build'
import { freeLocalPort } from '../../../scripts/support/ports'
import { signal, waitUntil } from '../../../scripts/support/processes'
import { webProcess } from '../../../scripts/support/processSpecs'
import { projectRoot } from '../../../scripts/support/project'
import { leash } from '../../../scripts/support/SupervisedProcess'

const READY_MS = 60_000

/** Next as `pnpm start` runs it. */
export class WebProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** `env` is its configuration, PORT excepted. Builds first unless the build is of these sources. */
  static async start(env: Record<string, string>): Promise<WebProcess> {
    await ensureBuild({ env: process.env, verbose: false, onProgress: (line) => console.error(line) })
    const port = await freeLocalPort(undefined)
    const whole = { ...env, NODE_ENV: 'production' as const, PORT: String(port) }
    const spec = await webProcess(await loadRuntimeConfig(whole), whole, 'start')
    const child = spawn(process.execPath, ['--import', leash, ...spec.args], {
      cwd: projectRoot,
      env: spec.env,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const web = new WebProcess(`http://127.0.0.1:${port}`, child)
    const isUp = async () => child.exitCode !== null || (await spec.isReady())
    if (!(await waitUntil(isUp, { timeoutMs: READY_MS, everyMs: 100 })) || child.exitCode !== null) {
      await web.stop()
      throw new Error('The web process does not start.')
    }
    return web
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** At once, with whatever it started. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = once(this.child, 'exit')
    signal(-this.pid, 'SIGKILL')
    await ended
  }
}
