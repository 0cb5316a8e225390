import { randomBytes } from 'node:crypto'
import { link, unlink, writeFile } from 'node:fs/promises'
import { isErrno } from './isErrno'

/**
 * Makes a file (mode 0600) with its whole content, unless it is there already: false. However many processes try at
 * once, one succeeds and no reader ever sees half: the content is written under another name, then linked to this one.
 */
export async function createOnce(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  } finally {
    await unlink(draft)
  }
}
