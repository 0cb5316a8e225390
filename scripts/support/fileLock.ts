import { readFile, unlink } from 'node:fs/promises'
import { z } from 'zod'
import { createOnce } from '@/lib/env/createOnce'
import { isErrno } from '@/lib/env/isErrno'
import { isAlive, ownStamp, type ProcessStamp, waitUntil } from './processes'
import { ScriptError } from './ScriptError'

const Holder = z.object({ pid: z.int(), startedAt: z.string() })

/** How long one process may hold the lock while others wait: the first start of a database on a slow disk. */
const WAIT_MS = 180_000

/**
 * Runs `work` while no other process on this machine runs work under the same lock file. A lock whose holder is gone
 * is taken over.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!(await waitUntil(() => take(file), { timeoutMs: WAIT_MS, everyMs: 50 }))) {
    throw new ScriptError(`${file} has been held by another process for ${WAIT_MS / 1000} s. End it and try again.`)
  }
  try {
    return await work()
  } finally {
    await unlink(file)
  }
}

async function take(file: string): Promise<boolean> {
  if (await create(file)) return true
  const holder = await readHolder(file)
  if (holder === undefined || isAlive(holder)) return false
  // Only one may clear away what the dead left, and only after looking again: else two would, one of them a live lock.
  const broom = `${file}.clearing`
  if (!(await create(broom))) {
    const sweeper = await readHolder(broom)
    if (sweeper && !isAlive(sweeper)) await unlink(broom).catch(() => {})
    return false
  }
  try {
    const still = await readHolder(file)
    if (still && !isAlive(still)) await unlink(file)
    return false
  } finally {
    await unlink(broom)
  }
}

const create = (file: string): Promise<boolean> => createOnce(file, JSON.stringify(ownStamp()))

/** Undefined when the lock was given back in the meantime. */
async function readHolder(file: string): Promise<ProcessStamp | undefined> {
  try {
    return Holder.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}
