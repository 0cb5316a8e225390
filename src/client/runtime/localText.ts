import * as z from 'zod/mini'

/** Texts that this browser keeps, by key. Never throws: a browser may have no storage, a full one, or one that refuses. */
export interface LocalText {
  /** Null where nothing is kept. */
  read(key: string): string | null
  /** Null removes it. False when the browser keeps nothing. */
  write(key: string, text: string | null): boolean
}

/** @param open - gives the storage; it may throw, or have none. Default: `localStorage`. */
export const createLocalText = (
  open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined = () => globalThis.localStorage,
): LocalText => ({
  read(key) {
    try {
      return open()?.getItem(key) ?? null
    } catch {
      return null
    }
  },
  write(key, text) {
    try {
      const storage = open()
      if (text === null) storage?.removeItem(key)
      else storage?.setItem(key, text)
      return storage !== undefined
    } catch {
      return false
    }
  },
})

/** A list that is kept so; empty where nothing is kept, or something else. */
export const readList = <Item>(kept: LocalText, key: string, item: z.ZodMiniType<Item>): Item[] => {
  try {
    return z.array(item).parse(JSON.parse(kept.read(key) ?? '[]'))
  } catch {
    return []
  }
}

/** The same of ids. */
export const readIds = (kept: LocalText, key: string): string[] => readList(kept, key, z.string())
