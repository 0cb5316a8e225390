import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'

/** The folder of package.json; every script works from here. */
export const projectRoot = path.resolve(import.meta.dirname, '..', '..')

export const inProject = (...parts: string[]): string => path.join(projectRoot, ...parts)

/** The real environment, with what `.env` adds to it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  const file = inProject('.env')
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env } : { ...process.env }
}
