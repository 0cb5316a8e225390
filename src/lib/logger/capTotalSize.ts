import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'

/** What both processes may be writing at this moment: never removed. */
const FILES_IN_USE = 2

/**
 * Removes the oldest log files of a folder until the others hold at most `mostBytes`, whichever process wrote them. Rejects
 * where the folder cannot be read; a file that another process has just removed is none.
 */
export async function capTotalSize(dir: string, mostBytes: number): Promise<void> {
  const names = (await readdir(dir)).filter((name) => /^application-.*\.log(\.\d+)?$/.test(name))
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(dir, name)
      const stats = await stat(file).catch(() => undefined)
      return { file, bytes: stats?.size ?? 0, changedMs: stats?.mtimeMs ?? 0 }
    }),
  )
  files.sort((one, other) => other.changedMs - one.changedMs)
  let bytes = 0
  for (const [at, entry] of files.entries()) {
    bytes += entry.bytes
    if (bytes > mostBytes && at >= FILES_IN_USE) await rm(entry.file, { force: true })
  }
}
