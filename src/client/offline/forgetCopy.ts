import type { LocalText } from '../runtime/localText'

/** Set before anything is kept for the first time: a page of nobody need not open the database to know that there is nothing. */
export const COPY_MARK = 'tandem:offline-copy'

/** Nobody is signed in any more: what this browser kept of conversations is gone. Rejects where it refuses. */
export async function forgetCopy(localText: LocalText): Promise<void> {
  if (localText.read(COPY_MARK) === null) return
  const { emptyCopy } = await import('./database')
  await emptyCopy()
}
