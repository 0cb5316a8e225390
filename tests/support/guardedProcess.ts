import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * A guarded process owns something that must not outlive a test run (a database cluster, the running app). It hears
 * that the run is over when its channel closes, which also happens when the run is killed.
 */
export interface GuardedProcess<Ready> {
  ready: Ready
  pid: number
  /** What it answers (see `guard`); one question at a time. */
  ask<Answer>(question: unknown): Promise<Answer>
  /** Rejects when it ends without having been stopped. */
  died: Promise<never>
  /** Resolves when everything the process owned is gone. */
  stop(): Promise<void>
}

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** Starts a script that calls `guard`, as it is or bundled; resolves when it is ready, rejects when it ends before. */
export async function startGuarded<Ready>(
  script: URL,
  env: Record<string, string> = {},
): Promise<GuardedProcess<Ready>> {
  const file = fileURLToPath(script)
  const child = fork(file, {
    cwd: projectRoot,
    execArgv: file.endsWith('.ts') ? ['--import', 'tsx'] : [],
    env: { ...process.env, ...env },
    // Typed arrays arrive as such.
    serialization: 'advanced',
    // A Ctrl-C is for the runner, which then lets go of the channel.
    detached: true,
  })
  const ended = once(child, 'exit')
  const failed = ended.then(([code]) => Promise.reject(new Error(`${file} ended with exit code ${code}.`)))
  failed.catch(() => {}) // said to whoever waits for something
  let isStopping = false
  const died = new Promise<never>((_, reject) => {
    failed.catch((error: unknown) => isStopping || reject(error))
  })
  died.catch(() => {}) // likewise
  const stop = async () => {
    isStopping = true
    if (child.connected) child.disconnect()
    await ended
  }
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready), // what the script named here gave to `guard`
    failed,
  ])
  const ask = async <Answer>(question: unknown): Promise<Answer> => {
    const answer = once(child, 'message')
    child.send(question as object, () => {}) // whatever can be cloned; a process that is gone is said by `failed`
    const [{ error, value }] = (await Promise.race([answer, failed])) as [Answered] // what `guard` sends
    if (error !== undefined) throw new Error(`${file}: ${error}`)
    return value as Answer // as the script named here answers this question
  }
  return { ready, pid: child.pid ?? 0, ask, died, stop }
}

/** What an answer travels in. */
interface Answered {
  value?: unknown
  error?: string
}

/**
 * The other side: starts what is guarded, reports `ready`, and stops it when the runner is gone. `start` is told with
 * the signal when that happens before it is done; it then rejects, having undone what it did.
 */
export async function guard<Ready>(
  start: (
    runnerGone: AbortSignal,
  ) => Promise<{ ready: Ready; answer?(question: unknown): Promise<unknown>; stop(): Promise<void> }>,
): Promise<void> {
  const runnerGone = new AbortController()
  const gone = once(process, 'disconnect').then(() => runnerGone.abort())
  const { ready, answer, stop } = await start(runnerGone.signal)
  if (answer) {
    // Nobody is told what came after the runner was gone.
    const reply = (answered: Answered) => process.send?.(answered, undefined, undefined, () => {})
    process.on('message', (question: unknown) => {
      answer(question).then(
        (value) => reply({ value }),
        (error: unknown) => reply({ error: String(error) }),
      )
    })
  }
  if (process.connected) process.send?.(ready, undefined, undefined, () => {})
  if (process.connected) await gone
  await stop()
  process.exit(0)
}
