import { spawn } from 'node:child_process'
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ClusterPlace } from './clusterPlace'
import { ScriptError } from './ScriptError'

/** What PostgreSQL's programs get of our environment: nothing that could steer them elsewhere. */
export const serverEnv = (): NodeJS.ProcessEnv => ({
  NODE_ENV: process.env.NODE_ENV,
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
})

/** Spawn options that run a program as the database's user, in a session of its own that Ctrl-C does not reach. */
export const asServer = ({ user }: Pick<ClusterPlace, 'user'>) => ({
  cwd: '/', // ours may be closed to that user
  detached: true,
  env: serverEnv(),
  ...(user && { uid: user.uid, gid: user.gid }),
})

/**
 * Runs `initdb`: UTF-8, passwords by scram, owner `tandem`, and PostgreSQL's own C.UTF-8 rules, which are the same on
 * every system. The cluster appears in its place when it is whole, so that one cut off is simply begun again.
 */
export async function createCluster(place: ClusterPlace, password: string): Promise<void> {
  const draft = `${place.clusterDir}.making`
  const passwordFile = path.join(draft, 'password')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (place.user) {
    await chown(passwordFile, place.user.uid, place.user.gid)
    await chown(draft, place.user.uid, place.user.gid)
  }
  await runInitdb(place, [
    `--pgdata=${path.join(draft, 'cluster')}`,
    '--username=tandem',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ])
  await rename(path.join(draft, 'cluster'), place.clusterDir)
  await rm(draft, { recursive: true, force: true })
}

function runInitdb(place: ClusterPlace, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(place.binDir, 'initdb'), args, {
      ...asServer(place),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new ScriptError(`PostgreSQL could not make its files in ${place.clusterDir}:\n${output.trim()}`))
    })
  })
}
