import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'

/** The folder of Tandem's own files: `src`, `prisma`, `scripts`. */
const tandemRoot = path.resolve(import.meta.dirname, '..', '..')
/** Whether they were copied into another app (docs/adopt.md): into a folder of it, beside which it has its own. */
export const isPartOfAnApp = !existsSync(path.join(tandemRoot, 'next.config.ts'))

/** The folder that Next builds: of package.json, `.env`, what is built and what is kept. Every script works from here. */
export const projectRoot = isPartOfAnApp ? path.dirname(tandemRoot) : tandemRoot

export const inTandem = (...parts: string[]): string => path.join(tandemRoot, ...parts)
export const inProject = (...parts: string[]): string => path.join(projectRoot, ...parts)

/** The real environment, with what `.env` adds to it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  const file = inProject('.env')
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env } : { ...process.env }
}
