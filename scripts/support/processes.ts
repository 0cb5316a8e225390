import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessStamp {
  pid: number
  startedAt: string
}

/** Undefined when no such process is alive (a zombie is not). */
export function stampOf(pid: number): ProcessStamp | undefined {
  const startedAt = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export const isAlive = ({ pid, startedAt }: ProcessStamp): boolean => stampOf(pid)?.startedAt === startedAt

/** The stamp of this very process. */
export function ownStamp(): ProcessStamp {
  return stampOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' }
}

/** Signals a process or, with a negative id, a group. One that is gone already is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Waits until `check` is true, looking every `everyMs`. False when `timeoutMs` is over first. */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 30 }: { timeoutMs: number; everyMs?: number },
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (!(await check())) {
    if (Date.now() >= deadline) return false
    await delay(everyMs)
  }
  return true
}

/** The parent's id; undefined when there is no such process. */
export function parentOf(pid: number): number | undefined {
  if (process.platform === 'linux') return Number(procFields(pid)?.[1]) || undefined
  return Number(ps('ppid=', pid)) || undefined
}

/** The command line it was started with, arguments parted by spaces; empty when there is no such process. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps('args=', pid)
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** Its start in ticks since boot. A zombie is dead: it only waits for its parent to hear of it. */
function startFromProc(pid: number): string | undefined {
  const fields = procFields(pid)
  return fields?.[0] === 'Z' || fields?.[0] === 'X' ? undefined : fields?.[19]
}

/** `/proc/<pid>/stat` after the name in brackets: state, parent, … the start is the 20th. */
function procFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function startFromPs(pid: number): string | undefined {
  const [, state, startedAt] = /^(\S+)\s+(.+)$/.exec(ps('stat=,lstart=', pid)) ?? []
  return state === undefined || state.startsWith('Z') ? undefined : startedAt
}

function ps(columns: string, pid: number): string {
  return (spawnSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim()
}
