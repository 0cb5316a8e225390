import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from './ConfigError'
import { createOnce } from './createOnce'
import { isErrno } from './isErrno'

/** DATA_DIR lets the database's own user pass through (0711); what is secret inside is 0600. */
export const DATA_DIR_MODE = 0o711

/**
 * The secret kept in `dataDir/file`, made the first time. However many processes ask at once, all get the same one.
 */
export async function loadSecret(dataDir: string, file: string, variable: string): Promise<string> {
  const target = path.join(dataDir, file)
  try {
    return (await readSecret(target)) ?? (await makeSecret(dataDir, target))
  } catch (error) {
    throw new ConfigError([
      { variable, problem: `It is not set, and ${target} cannot be used instead (${reasonOf(error)}).` },
    ])
  }
}

async function readSecret(target: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(target, 'utf8')).trim()
    if (secret.length < 32) throw new Error('it holds less than 32 characters: delete it and start again')
    return secret
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

async function makeSecret(dataDir: string, target: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: DATA_DIR_MODE })
  await createOnce(target, `${randomBytes(32).toString('base64url')}\n`)
  const secret = await readSecret(target)
  if (!secret) throw new Error('it vanished while it was made')
  return secret
}

function reasonOf(error: unknown): string {
  if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM')) return 'it belongs to another user'
  return error instanceof Error ? error.message : String(error)
}
