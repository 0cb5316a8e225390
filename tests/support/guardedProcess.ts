import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * A guarded process owns something that must not outlive a test run (a database cluster, the running app). It hears
 * that the run is over when its channel closes, which also happens when the run is killed.
 */
export interface GuardedProcess<Ready> {
  ready: Ready
  /** Resolves when everything the process owned is gone. */
  stop(): Promise<void>
}

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a script that calls `guard`; resolves when it is ready, rejects when it ends before. */
export async function startGuarded<Ready>(
  script: URL,
  env: Record<string, string> = {},
): Promise<GuardedProcess<Ready>> {
  const child = fork(fileURLToPath(script), {
    cwd: projectRoot,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    // A Ctrl-C is for the runner, which then lets go of the channel.
    detached: true,
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    if (child.connected) child.disconnect()
    await ended
  }
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready), // what the script named here gave to `guard`
    ended.then(([code]) => Promise.reject(new Error(`${fileURLToPath(script)} ended with exit code ${code}.`))),
  ])
  return { ready, stop }
}

/**
 * The other side: starts what is guarded, reports `ready`, and stops it when the runner is gone. `start` is told with
 * the signal when that happens before it is done; it then rejects, having undone what it did.
 */
export async function guard<Ready>(
  start: (runnerGone: AbortSignal) => Promise<{ ready: Ready; stop(): Promise<void> }>,
): Promise<void> {
  const runnerGone = new AbortController()
  const gone = once(process, 'disconnect').then(() => runnerGone.abort())
  const { ready, stop } = await start(runnerGone.signal)
  if (process.connected) process.send?.(ready)
  if (process.connected) await gone
  await stop()
  process.exit(0)
}
