import { z } from 'zod'

/** Ids that are remembered; older ones are gone from the server for long. */
const mostIds = 1_000

/** What this needs of `localStorage`, which a browser may refuse. */
export type IdStorage = Pick<Storage, 'getItem' | 'setItem'>

/** Ids of cleared notifications, kept in the browser so that a late event cannot show one again (requirements 000, NF-4). */
export class ClearedIds {
  private readonly key: string
  private ids: Set<string>

  constructor(
    userId: string,
    private readonly storage: IdStorage | undefined,
  ) {
    this.key = `tandem-cleared-${userId}`
    this.ids = new Set(this.read())
  }

  get isEmpty(): boolean {
    return this.ids.size === 0
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  add(ids: readonly string[]): void {
    this.ids = new Set([...this.read(), ...this.ids, ...ids].slice(-mostIds))
    try {
      this.storage?.setItem(this.key, JSON.stringify([...this.ids]))
    } catch {
      // Refused or full: remembered until the page is closed.
    }
  }

  private read(): string[] {
    try {
      return z
        .array(z.string())
        .catch([])
        .parse(JSON.parse(this.storage?.getItem(this.key) ?? '[]'))
    } catch {
      return []
    }
  }
}
