import { commandOf, isAlive, type ProcessStamp, parentOf, stampOf } from './processes'

export interface StopSignal {
  /** Aborted by Ctrl-C, SIGTERM, a closed terminal, or the end of the package manager that ran us. */
  signal: AbortSignal
  /** Called when someone asks a second time. */
  onInsist(listener: () => void): void
}

export function listenForStop(): StopSignal {
  const controller = new AbortController()
  let insist = (): void => {}
  const ask = (): void => (controller.signal.aborted ? insist() : controller.abort())
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask)
  watchPackageManager(() => controller.abort())
  return {
    signal: controller.signal,
    onInsist: (listener) => {
      insist = listener
    },
  }
}

/** npm and pnpm end at a SIGTERM without passing it on, which would leave us running with nobody in charge. */
function watchPackageManager(onGone: () => void): void {
  const wrappers = process.env.npm_lifecycle_event ? packageManagerProcesses() : []
  if (wrappers.length === 0) return
  const timer = setInterval(() => {
    if (wrappers.every(isAlive)) return
    clearInterval(timer)
    onGone()
  }, 1_000)
  timer.unref()
}

/** Our ancestors up to the topmost package manager in an unbroken line: `npm exec`, `sh -c`, `pnpm`, `sh -c`. */
function packageManagerProcesses(): ProcessStamp[] {
  const line: ProcessStamp[] = []
  let topmost = 0
  for (let pid = parentOf(process.pid); pid !== undefined && pid > 1; pid = parentOf(pid)) {
    const command = commandOf(pid)
    const isShell = /^(\S*\/)?(ba|da|z|a)?sh -c /.test(command)
    const isManager = !isShell && /(^|[\s/])(npm|npx|pnpm|yarn)(\.c?js)?(\s|$)/.test(command)
    const stamp = stampOf(pid)
    if (!stamp || !(isShell || isManager)) break
    line.push(stamp)
    if (isManager) topmost = line.length
  }
  return line.slice(0, topmost)
}
