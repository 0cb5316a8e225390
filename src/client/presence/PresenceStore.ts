import { limits } from '@/contracts/limits'
import { notificationCommands } from '@/contracts/notifications'
import { HIDDEN_PRESENCE, NEVER_SEEN, type PresenceMap } from '@/contracts/presence'
import { Poller } from '../runtime/Poller'
import type { Runtime } from '../runtime/runtime'
import { Store } from '../runtime/Store'
import type { NotificationsLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'

/** How often presence is asked for while there is no live connection and somebody looks. */
const POLL_MS = 20_000
/**
 * How long after an answer it is asked once more. Somebody who was seen a moment ago counts as here for some 30 s without
 * a connection; that they are gone after all, after a crash of the server say, nobody tells.
 */
const CONFIRM_MS = 40_000

export interface PresenceStoreDeps {
  transport: Transport
  link: Pick<NotificationsLink, 'connected' | 'connectedNow' | 'downSince' | 'changed' | 'on'>
}

/** Who of the people one shares a room with is here: asked at every connect, told of changes, polled without a connection. */
export class PresenceStore {
  /** Absent: nothing is known of them yet. */
  readonly view = new Store(() => this.people)
  private people: PresenceMap = {}
  private asking: Promise<void> | undefined
  private answered = false
  private cancelConfirm = () => {}

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: PresenceStoreDeps,
  ) {}

  start(): void {
    const { link } = this.deps
    link.on('presence:update', (update) => this.merge(update))
    link.connectedNow.on(() => void this.askTwice())
    new Poller(this.runtime, { link, everyMs: POLL_MS, poll: () => this.ask() }).start()
  }

  /** Somebody is shown who is not known yet: asks for them too, once the first answer did not name them. */
  askForNewcomer(): void {
    if (this.answered) void this.askTwice()
  }

  private askTwice(): Promise<void> {
    this.cancelConfirm()
    this.cancelConfirm = this.runtime.clock.after(CONFIRM_MS, () => void this.ask())
    return this.ask()
  }

  /** Calls at the same time share one question. */
  private ask(): Promise<void> {
    this.asking ??= this.askNow().finally(() => {
      this.asking = undefined
    })
    return this.asking
  }

  private async askNow(): Promise<void> {
    const before = this.people
    try {
      const answer = await this.deps.transport.call(notificationCommands['presence:sync'], undefined)
      // Of whom a full answer does not name one is told nothing any more; unless that was heard since it was asked for.
      const isFull = Object.keys(answer).length < limits.presenceIds
      const ended = Object.keys(before).filter((id) => !(id in answer) && this.people[id] === before[id])
      this.merge({ ...(isFull ? Object.fromEntries(ended.map((id) => [id, HIDDEN_PRESENCE])) : {}), ...answer })
      this.answered = true
    } catch (error) {
      this.runtime.log.warn('[Socket:/notifications] Asking who is here failed', { error: String(error) })
    }
  }

  /** Who is hidden is not known. */
  private merge(update: PresenceMap): void {
    const all = Object.entries({ ...this.people, ...update })
    this.people = Object.fromEntries(all.filter(([, { lastSeen }]) => lastSeen !== NEVER_SEEN))
    this.view.invalidate()
  }
}
