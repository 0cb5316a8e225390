import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { ScriptError } from './ScriptError'

/** Who the database runs as when that is not who we are: PostgreSQL refuses to run as root. */
export interface ServerUser {
  uid: number
  gid: number
  name: string
}

/** PostgreSQL's usual own user first; then one that every system has. No user is ever made. */
const candidates = ['postgres', '_postgres', 'nobody']

export const isRoot = (): boolean => process.getuid?.() === 0

/** An unprivileged user for root to run the database as. */
export function findServerUser(): ServerUser {
  for (const name of candidates) {
    const [uid, gid] = [numberOf('-u', name), numberOf('-g', name)]
    if (uid && gid) return { uid, gid, name }
  }
  throw new ScriptError(
    `PostgreSQL does not run as root, and this system has no user ${candidates.join(', ')} to run it as. ` +
      'Start as an ordinary user, or set DATABASE_URL.',
  )
}

function numberOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? Number(stdout) : undefined
}

/** Whether that user may enter every folder above `target` and, with `executable`, run `target` itself. */
export async function canReach(user: ServerUser, target: string, executable = false): Promise<boolean> {
  const folders = [path.dirname(target)]
  for (let at = path.dirname(target); at !== path.dirname(at); at = path.dirname(at)) folders.push(path.dirname(at))
  for (const place of executable ? [...folders, target] : folders) {
    if (!mayExecute(user, await stat(place))) return false
  }
  return true
}

function mayExecute(user: ServerUser, { uid, gid, mode }: { uid: number; gid: number; mode: number }): boolean {
  if (uid === user.uid) return (mode & 0o100) !== 0
  return (mode & (gid === user.gid ? 0o010 : 0o001)) !== 0
}
