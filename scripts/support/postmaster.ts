import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { commandOf, isAlive, type ProcessStamp, signal, stampOf, waitUntil } from './processes'

/** The running main process of the database in that folder. */
export function findPostmaster(clusterDir: string): ProcessStamp | undefined {
  const pid = recordedPid(clusterDir)
  return pid !== undefined && commandOf(pid).includes(clusterDir) ? stampOf(pid) : undefined
}

/** A crash leaves `postmaster.pid`. PostgreSQL sees through it, except when the id belongs to some other program by now. */
export async function clearStalePid(clusterDir: string): Promise<void> {
  if (recordedPid(clusterDir) !== undefined && !findPostmaster(clusterDir)) {
    await rm(path.join(clusterDir, 'postmaster.pid'), { force: true })
  }
}

/** Ends the database in that folder: clients are cut off, everything is written, within 10 s. If it hangs, it is cut short. */
export async function stopPostmaster(clusterDir: string): Promise<void> {
  const postmaster = findPostmaster(clusterDir)
  if (!postmaster) return
  const isGone = (): boolean => !isAlive(postmaster)
  signal(postmaster.pid, 'SIGINT')
  if (await waitUntil(isGone, { timeoutMs: 10_000 })) return
  signal(postmaster.pid, 'SIGQUIT')
  if (!(await waitUntil(isGone, { timeoutMs: 5_000 }))) signal(postmaster.pid, 'SIGKILL')
}

function recordedPid(clusterDir: string): number | undefined {
  try {
    const [first] = readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')
    return Number(first) || undefined
  } catch {
    return undefined
  }
}
