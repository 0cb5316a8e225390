/** What one person may send in a second over all their connections, and at once after a pause, in bytes. */
const BYTES_PER_SECOND = 1_000_000
const BURST_BYTES = 1_000_000

/**
 * How much each person sends over sockets: every byte costs everybody time before any limit of commands can look at it. It
 * is far more than pages send; who sends more is read more slowly.
 */
export class InboundBudget {
  private readonly left = new Map<string, { bytes: number; at: number }>()

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes so many bytes; returns for how many milliseconds nothing more of this person is to be read. */
  take(userId: string, bytes: number): number {
    const now = this.now()
    const before = this.left.get(userId) ?? { bytes: BURST_BYTES, at: now }
    const earned = ((now - before.at) / 1_000) * BYTES_PER_SECOND
    const left = Math.min(BURST_BYTES, before.bytes + earned) - bytes
    this.left.set(userId, { bytes: left, at: now })
    return left >= 0 ? 0 : Math.ceil((-left / BYTES_PER_SECOND) * 1_000)
  }

  /** Their last connection is gone; a debt stays until it is paid. */
  forget(userId: string): void {
    if (this.take(userId, 0) === 0) this.left.delete(userId)
  }
}
