import { notificationCommands } from '@/contracts/notifications'
import type { Presence, PresenceMap } from '@/contracts/presence'
import type { RequestContext } from '../RequestContext'
import { Feed } from './Feed'

/** Of these people (absent: all one is told of) first everybody's presence, then each that changed. */
export class PresenceChanges extends Feed<PresenceMap> {
  readonly name = 'presenceChanged'
  readonly permission = 'presence:read'
  private readonly known = new Map<string, Presence>()
  /** Since the last reading began: what that answers of them may be older. */
  private readonly heard = new Set<string>()
  private readonly ids: ReadonlySet<string> | undefined

  constructor(context: RequestContext, { ids }: { ids?: readonly string[] | null }) {
    super(context)
    this.ids = ids ? new Set(ids) : undefined
  }

  protected hear(event: string, payload: unknown): void {
    if (event !== 'presence:update') return
    if (this.isFull) {
      this.want()
      return
    }
    const presence = payload as PresenceMap // the contract's payload of this event
    for (const id of Object.keys(presence)) this.heard.add(id)
    this.tell(presence)
  }

  protected async read(context: RequestContext): Promise<boolean> {
    this.heard.clear()
    const all = await context.run(notificationCommands['presence:sync'], this.ids && { ids: [...this.ids] })
    this.tell(Object.fromEntries(Object.entries(all).filter(([id]) => !this.heard.has(id))))
    return false
  }

  private tell(presence: PresenceMap): void {
    const changed = Object.entries(presence).filter(
      ([id, now]) => (this.ids?.has(id) ?? true) && isOther(this.known.get(id), now),
    )
    if (changed.length === 0) return
    for (const [id, now] of changed) this.known.set(id, now)
    this.emit(Object.fromEntries(changed))
  }
}

/** When somebody who is here was last seen is no news. */
const isOther = (before: Presence | undefined, now: Presence): boolean =>
  before?.isOnline !== now.isOnline ||
  (before.away ?? false) !== (now.away ?? false) ||
  (!now.isOnline && before.lastSeen !== now.lastSeen)
