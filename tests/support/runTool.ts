import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { noteSecretsOf, refuseSecrets } from './servers/secrets'
import { onTeardown } from './teardown'

export interface RunningTool {
  child: ChildProcess
  /** What it has printed so far, for the message of a failure. */
  output: () => string
  /** Whether it has ended. */
  isGone: () => boolean
  /** SIGTERM unless said; resolves when it is gone. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

/** Runs a server of the system until the test (or the file) ends; it also ends when this process dies before. */
export function runTool(command: string, args: readonly string[], env: Record<string, string> = {}): RunningTool {
  noteSecretsOf(env)
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  // Closes its standard input, which nobody writes to, when we are gone.
  const lifeline = spawn('/bin/sh', ['-c', `cat >/dev/null; kill -9 ${child.pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  lifeline.unref()
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  child.once('error', (error) => (output += error.message))
  const isGone = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (!isGone()) {
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    }
    lifeline.kill('SIGKILL') // its work is done; the id could be somebody else's by now
    refuseSecrets(output.split('\n'))
  }
  onTeardown(() => stop('SIGKILL'))
  return { child, output: () => output, isGone, stop }
}
