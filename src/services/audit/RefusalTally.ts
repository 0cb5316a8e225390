import type { ErrorCode } from '@/contracts/errors'
import { type Actor, type NoteAudit, systemActor } from './ports'

/** Refusals of one person, or of one address, are one entry for so long, in milliseconds. */
export const REFUSAL_WINDOW_MS = 60_000
/** Who is told apart in one window; those beyond share an entry for each action. */
const MOST_REFUSED = 1_000

interface Refusals {
  actor: Actor
  action: string
  count: number
  codes: Set<ErrorCode>
}

/**
 * Keeps for the audit log what anybody can have refused as often as they like, handshakes and what a limit is used up for:
 * a flood of them is one entry a window, with their number, and hides nothing else.
 */
export class RefusalTally {
  private refusals = new Map<string, Refusals>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly note: NoteAudit,
    private readonly windowMs = REFUSAL_WINDOW_MS,
  ) {}

  /** Never throws, and never waits. */
  refused(actor: Actor, action: string, code: ErrorCode): void {
    const own = `${action} ${actor.userId ?? actor.address}`
    const isRoom = this.refusals.size < MOST_REFUSED || this.refusals.has(own)
    const key = isRoom ? own : action
    const known: Refusals = this.refusals.get(key) ?? {
      actor: isRoom ? actor : { ...systemActor, name: 'nobody', transport: actor.transport },
      action,
      count: 0,
      codes: new Set(),
    }
    known.count += 1
    known.codes.add(code)
    this.refusals.set(key, known)
    this.timer ??= setTimeout(() => this.flush(), this.windowMs)
  }

  /** Hands on what is known so far. */
  flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const refusals = this.refusals
    this.refusals = new Map()
    for (const { actor, action, count, codes } of refusals.values()) {
      const [outcome] = codes
      this.note(actor, { action, outcome, details: { count, codes: [...codes] } })
    }
  }
}
