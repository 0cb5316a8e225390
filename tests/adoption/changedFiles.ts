import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Not the app's own: what was copied into it, installed and made. */
const notTheirs = /^(tandem|node_modules|\.next|\.data|logs|dist)(\/|$)|^next-env\.d\.ts$/

/** Every file of the app's own, with what it holds. */
export async function filesOf(app: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(app, folder), { withFileTypes: true })) {
      const name = path.posix.join(folder, entry.name)
      if (notTheirs.test(name)) continue
      if (entry.isDirectory()) await walk(name)
      else files.set(name, await readFile(path.join(app, name), 'utf8'))
    }
  }
  await walk('')
  return files
}

/** Which are new, gone or otherwise. */
export const changedFiles = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).sort()
