/** One thing that is read now and then. Whoever asks gets what a read that began after the question found. */
export class CoalescedRead {
  private current: Promise<void> | undefined
  private following: Promise<void> | undefined

  constructor(private readonly read: () => Promise<void>) {}

  get isUnderWay(): boolean {
    return this.current !== undefined
  }

  /** Resolves when nothing is under way, however that ended. */
  async idle(): Promise<void> {
    while (this.current !== undefined) await this.current.catch(() => undefined)
  }

  /** Rejects when reading fails. */
  now(): Promise<void> {
    if (this.current === undefined) {
      this.current = this.read().finally(() => {
        this.current = undefined
      })
      return this.current
    }
    // The one under way may predate what this call is about: one more follows, for all who ask meanwhile.
    this.following ??= this.current
      .catch(() => undefined)
      .then(() => {
        this.following = undefined
        return this.now()
      })
    return this.following
  }
}
