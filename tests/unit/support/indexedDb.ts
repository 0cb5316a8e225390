import * as fake from 'fake-indexeddb'
import { beforeEach, vi } from 'vitest'

const { default: _, ...classes } = fake

/**
 * Each test of this file has an IndexedDB with nothing in it. `fake-indexeddb/auto` gives one to the first page alone: files
 * share what they import, and each has a window of its own.
 */
export const giveIndexedDb = (): void => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(classes)) if (name.startsWith('IDB')) vi.stubGlobal(name, value)
    vi.stubGlobal('indexedDB', new fake.IDBFactory())
  })
}
