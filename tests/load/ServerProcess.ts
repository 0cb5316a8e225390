import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServeOptions } from './serveSocket'

/** A socket process whose CPU time can be asked for. It ends with the process that started it. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(options: ServeOptions): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('./serveSocket.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, SERVE_OPTIONS: JSON.stringify(options) },
    })
    const [ready] = (await once(child, 'message')) as [{ port: number }] // what the script says when it is ready
    return new ServerProcess(child, `http://127.0.0.1:${ready.port}`)
  }

  /** User and system time since its start, in microseconds. */
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
