import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Chapters of docs/architecture.md that are carried out by the letter, on copies of the files that they name. */

const chapters = readFileSync('docs/architecture.md', 'utf8').split(/^## /m)

/** The pieces to apply of the chapter with this heading. */
export function piecesOf(heading: string): string[] {
  const chapter = chapters.find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return [...chapter.matchAll(/^```diff\n(.*?)^```$/gms)].map(([, piece = '']) => piece)
}

/** What a piece is about: `src/contracts/chat.ts`. */
export const fileOf = (piece: string): string => /^\+\+\+ b\/(.*)$/m.exec(piece)?.[1] ?? ''

/** A folder for copies. In the project: what they import is found from there. */
export function newFolder(): string {
  mkdirSync('.data', { recursive: true })
  return mkdtempSync(resolve('.data', 'guide-'))
}

export function apply(folder: string, pieces: readonly string[]): void {
  execFileSync('git', ['apply', '-'], {
    ...{ cwd: folder, input: pieces.join('') },
    // As in a folder of its own: not a part of this repository that git is told to leave alone.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) },
  })
}

const pieces = piecesOf('To add a command')

/** Lines that somebody changes who follows "To add a command". */
export const changedLines = pieces.join('').match(/^[+-](?!\+\+ |-- )/gm)?.length ?? 0

/** The files that it is about. */
export const guideFiles = pieces.map(fileOf)

let folder: string | undefined

/** Where the files stand as they are afterwards, with the folder of contracts around theirs. Made by the first who asks. */
export function appliedFolder(): string {
  if (folder !== undefined) return folder
  folder = newFolder()
  const added = new Set(pieces.filter((piece) => piece.startsWith('--- /dev/null')))
  cpSync('src/contracts', join(folder, 'src/contracts'), { recursive: true })
  for (const piece of pieces) {
    const file = fileOf(piece)
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    if (!added.has(piece)) cpSync(file, join(folder, file))
  }
  apply(folder, pieces)
  for (const file of guideFiles) importFromSource(folder, file)
  return folder
}

/** What a copy imports from beside it is the one module that everybody has. */
function importFromSource(from: string, file: string): void {
  const copy = join(from, file)
  const beside = (_: string, path: string) => `from '${relative(dirname(copy), resolve(dirname(file), path))}'`
  writeFileSync(copy, readFileSync(copy, 'utf8').replaceAll(/from '(\.{1,2}\/[^']+)'/g, beside))
}

/** The module as it is afterwards. */
export const applied = (file: string): Promise<Record<string, unknown>> => import(join(appliedFolder(), file))
