import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'

/** "To add a command" of docs/architecture.md, carried out by the letter on a copy of the files that it names. */

const chapter = /^## To add a command$(.*?)^## /ms.exec(readFileSync('docs/architecture.md', 'utf8'))?.[1] ?? ''
const pieces = [...chapter.matchAll(/^```diff\n(.*?)^```$/gms)].map(([, piece = '']) => piece)

/** Lines that somebody changes who follows it. */
export const changedLines = pieces.join('').match(/^[+-](?!\+\+ |-- )/gm)?.length ?? 0

/** What each piece is about: `src/contracts/chat.ts`. */
export const guideFiles = pieces.map((piece) => /^\+\+\+ b\/(.*)$/m.exec(piece)?.[1] ?? '')

let folder: string | undefined

/** Where the files stand as they are afterwards, with the folder of contracts around theirs. Made by the first who asks. */
export function appliedFolder(): string {
  if (folder !== undefined) return folder
  // In the project: what they import is found from there.
  mkdirSync('.data', { recursive: true })
  folder = mkdtempSync(resolve('.data', 'guide-'))
  const added = new Set(pieces.filter((piece) => piece.startsWith('--- /dev/null')))
  cpSync('src/contracts', join(folder, 'src/contracts'), { recursive: true })
  for (const [i, piece] of pieces.entries()) {
    const file = guideFiles[i] ?? ''
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    if (!added.has(piece)) cpSync(file, join(folder, file))
  }
  execFileSync('git', ['apply', '-'], {
    ...{ cwd: folder, input: pieces.join('') },
    // As in a folder of its own: not a part of this repository that git is told to leave alone.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
  })
  for (const file of guideFiles) importFromSource(folder, file)
  return folder
}

/** What a copy imports from beside it is the one module that everybody has. */
function importFromSource(from: string, file: string): void {
  const text = readFileSync(join(from, file), 'utf8')
  const beside = (_: string, path: string) => `from '${posix.join('@', dirname(file).replace(/^src\//, ''), path)}'`
  writeFileSync(join(from, file), text.replaceAll(/from '(\.{1,2}\/[^']+)'/g, beside))
}

/** The module as it is afterwards. */
export const applied = (file: string): Promise<Record<string, unknown>> => import(join(appliedFolder(), file))
