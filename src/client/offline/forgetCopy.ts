import { COPY_DATABASE } from '@/contracts/shell'

/**
 * What this browser kept of conversations is gone. Rejects where it refuses. Whoever writes there looks whether their client
 * runs once they have it open: what they are at is deleted with it, and what they open later they leave empty.
 */
export const forgetCopy = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(COPY_DATABASE)
    deleting.onsuccess = () => resolve()
    deleting.onerror = () => reject(deleting.error)
  })
