import { type LocalText, readIds } from '../runtime/localText'

/** Ids that are remembered; older ones are gone from the server for long. */
const MOST_IDS = 1_000

/** Ids of cleared notifications, kept in the browser so that a late event cannot show one again (requirements 000, NF-4). */
export class ClearedIds {
  private readonly key: string
  private ids: Set<string>

  constructor(
    userId: string,
    private readonly kept: LocalText,
  ) {
    this.key = `tandem-cleared-${userId}`
    this.ids = new Set(readIds(kept, this.key))
  }

  get isEmpty(): boolean {
    return this.ids.size === 0
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  add(ids: readonly string[]): void {
    this.ids = new Set([...readIds(this.kept, this.key), ...this.ids, ...ids].slice(-MOST_IDS))
    this.kept.write(this.key, JSON.stringify([...this.ids])) // else remembered until the page is closed
  }
}
