import { spawnSync } from 'node:child_process'
import { findPostmaster } from '../../../scripts/support/postmaster'
import { signal } from '../../../scripts/support/processes'

/** The postmaster first, then its children. */
function processesOf(clusterDir: string): number[] {
  const postmaster = findPostmaster(clusterDir)
  if (!postmaster) return []
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const children = stdout.split('\n').flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number)
    return pid !== undefined && parent === postmaster.pid ? [pid] : []
  })
  return [postmaster.pid, ...children]
}

/** SIGSTOP: connections stay open, the kernel goes on accepting new ones, and nobody answers. */
export function freeze(clusterDir: string): void {
  for (const pid of processesOf(clusterDir)) signal(pid, 'SIGSTOP')
}

export function thaw(clusterDir: string): void {
  for (const pid of processesOf(clusterDir)) signal(pid, 'SIGCONT')
}
