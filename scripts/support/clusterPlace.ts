import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { isErrno } from '@/lib/env/isErrno'
import { findPostgresBinaries, type PostgresBinaries } from './postgresBinaries'
import { stopPostmaster } from './postmaster'
import { ScriptError } from './ScriptError'
import { canReach, findServerUser, isRoot, type ServerUser } from './serverUser'

/** Where the database's user can go when it cannot enter the project, such as one below root's own home. */
const OUTSIDE = '/var/lib/tandem'

export interface ClusterPlace {
  /** The database's own files; may not exist yet, its parent does. */
  clusterDir: string
  binDir: string
  /** Undefined: as ourselves. */
  user: ServerUser | undefined
}

export interface PlaceOptions {
  dataDir: string
  /** Where DATA_DIR remembers the cluster to be. */
  recorded: string | undefined
  onProgress: (line: string) => void
}

export const isCluster = (dir: string): boolean => existsSync(path.join(dir, 'PG_VERSION'))

/** Whether a cluster found in the record can be this DATA_DIR's own, and not that of a folder it was copied from. */
export async function belongsTo(dataDir: string, clusterDir: string): Promise<boolean> {
  return clusterDir === path.join(await realpath(dataDir), 'postgres') || clusterDir.startsWith(`${OUTSIDE}/`)
}

/** Decides where the cluster is and who runs it, and brings the programs to where that user can run them. */
export async function chooseClusterPlace({ dataDir, recorded, onProgress }: PlaceOptions): Promise<ClusterPlace> {
  const binaries = findPostgresBinaries()
  const inside = path.join(await realpath(dataDir), 'postgres')
  if (!isRoot()) return { clusterDir: inside, binDir: path.join(binaries.home, 'bin'), user: undefined }
  const existing = [inside, ...(recorded ? [recorded] : [])].find(isCluster)
  const user = await userFor(existing)
  const clusterDir = existing ?? ((await canReach(user, inside)) ? inside : await makeOutside(dataDir, onProgress))
  if (!(await canReach(user, clusterDir))) {
    throw new ScriptError(
      `The database in ${clusterDir} runs as user ${user.name}, who may not enter a folder above it any more. ` +
        `Let others pass (chmod o+x) through each folder above it, or set DATA_DIR to another folder.`,
    )
  }
  return { clusterDir, binDir: await reachableBinaries(binaries, user, onProgress), user }
}

/** A cluster that an ordinary user made goes on running as that user. */
async function userFor(cluster: string | undefined): Promise<ServerUser> {
  const owner = cluster === undefined ? undefined : await stat(cluster)
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid, name: `#${owner.uid}` } : findServerUser()
}

/** One folder for each DATA_DIR. If it holds a cluster, DATA_DIR was deleted to begin anew: that one is set aside. */
async function makeOutside(dataDir: string, onProgress: (line: string) => void): Promise<string> {
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 12)
  const folder = path.join(OUTSIDE, name)
  try {
    await makeOpenFolder(OUTSIDE)
    await makeOpenFolder(folder)
  } catch (error) {
    throw new ScriptError(
      `PostgreSQL does not run as root, its own user cannot enter ${dataDir}, and ${folder} cannot be made for it. ` +
        'Set DATA_DIR to a folder that every user may enter, start as an ordinary user, or set DATABASE_URL.',
      { cause: error },
    )
  }
  const clusterDir = path.join(folder, 'postgres')
  if (existsSync(clusterDir)) {
    await stopPostmaster(clusterDir)
    const aside = `${clusterDir}.${(await readdir(folder)).length}.${randomBytes(3).toString('hex')}`
    await rename(clusterDir, aside)
    onProgress(`An older database of this folder, whose password is gone with DATA_DIR, was set aside: ${aside}`)
  }
  return clusterDir
}

async function reachableBinaries(
  { home, build }: PostgresBinaries,
  user: ServerUser,
  onProgress: (line: string) => void,
): Promise<string> {
  if (await canReach(user, path.join(home, 'bin', 'postgres'), true)) return path.join(home, 'bin')
  const target = path.join(OUTSIDE, `postgresql-${build}`)
  if (!existsSync(target)) {
    onProgress(`Copying PostgreSQL to ${target}, where user ${user.name} can run it`)
    await copyHome(home, target)
  }
  return path.join(target, 'bin')
}

/** The copy appears under its name when it is whole; if another process was faster, that one is used. */
async function copyHome(home: string, target: string): Promise<void> {
  const draft = `${target}.${randomBytes(6).toString('hex')}`
  await makeOpenFolder(OUTSIDE)
  await cp(home, draft, { recursive: true, verbatimSymlinks: true })
  await openForAll(draft)
  try {
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!isErrno(error, 'EEXIST', 'ENOTEMPTY')) throw error
  }
}

/** One that every user may pass through, whatever the umask says. */
async function makeOpenFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o711)
}

/** An install under a strict umask made the files readable by root alone. */
async function openForAll(dir: string): Promise<void> {
  await chmod(dir, 0o755)
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const child = path.join(dir, entry.name)
    if (entry.isDirectory()) await openForAll(child)
    else if (entry.isFile()) {
      const { mode } = await stat(child)
      await chmod(child, mode | 0o444 | (mode & 0o100 ? 0o111 : 0))
    }
  }
}
