import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ServeOptions, Serving } from './serveSocket'

/** A process with several socket servers, whose CPU time can be asked for. It ends with the process that started it. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** Where each server is, in the order of the options. */
    readonly urls: readonly string[],
  ) {}

  /** Whoever else is busy on this machine should interrupt it as little as can be had. */
  static async start(options: readonly ServeOptions[]): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('./serveSocket.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx', '--expose-gc'],
      env: { ...process.env, NODE_ENV: 'production', SERVE_OPTIONS: JSON.stringify(options) },
    })
    const [ready] = (await once(child, 'message')) as [Serving] // what the script says when it is ready
    prefer(child)
    return new ServerProcess(
      child,
      ready.ports.map((port) => `http://127.0.0.1:${port}`),
    )
  }

  /** User and system time since its start, in microseconds, young garbage collected by then. */
  async cpuMicros(): Promise<number> {
    const answer = once(this.child, 'message')
    this.child.send('cpu')
    const [usage] = (await answer) as [NodeJS.CpuUsage] // as serveSocket.ts answers
    return usage.user + usage.system
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.disconnect()
    await ended
  }
}

/** Where the system lets us ask for that. */
function prefer({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, -20)
  } catch {
    // Only a more even measurement is lost.
  }
}
