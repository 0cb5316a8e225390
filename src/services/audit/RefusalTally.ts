import type { ErrorCode } from '@/contracts/errors'
import type { NoteAudit } from './ports'
import { systemActor } from './ports'

/** Refusals of one address are one entry for so long, in milliseconds. */
export const REFUSAL_WINDOW_MS = 60_000
/** Addresses that are told apart in one window; those beyond share an entry. */
const MOST_ADDRESSES = 1_000

interface Refusals {
  count: number
  codes: Set<ErrorCode>
  origin: string | null
}

/** Keeps refused handshakes for the audit log: a flood of them is one entry a window and address, with their number. */
export class RefusalTally {
  private refusals = new Map<string | null, Refusals>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly note: NoteAudit,
    private readonly windowMs = REFUSAL_WINDOW_MS,
  ) {}

  /** Never throws, and never waits. */
  refused(from: { address: string | null; origin: string | null }, code: ErrorCode): void {
    const isRoom = this.refusals.size < MOST_ADDRESSES || this.refusals.has(from.address)
    const address = isRoom ? from.address : null
    const known = this.refusals.get(address) ?? { count: 0, codes: new Set(), origin: from.origin }
    known.count += 1
    known.codes.add(code)
    this.refusals.set(address, known)
    this.timer ??= setTimeout(() => this.flush(), this.windowMs)
  }

  /** Hands on what is known so far. */
  flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const refusals = this.refusals
    this.refusals = new Map()
    for (const [address, { count, codes, origin }] of refusals) {
      const [outcome] = codes
      const actor = { ...systemActor, name: 'nobody', transport: 'socket', address, origin } as const
      this.note(actor, { action: 'connection.refused', outcome, details: { count, codes: [...codes] } })
    }
  }
}
