import type { Presence } from '@/contracts/presence'
import type { Logger } from '@/services/shared/Logger'
import type { ActiveUsersStore, LastSeenRepository, PresenceReader } from './ports'

/** Where no store of connections answers, somebody counts as online this long after `lastSeen` (requirements 000, NF-6). */
export const ONLINE_BY_LAST_SEEN_MS = 30_000

export interface ChatPresenceServiceDeps {
  lastSeen: LastSeenRepository
  /** Absent in a process without sockets: then `lastSeen` decides. */
  activeUsers: ActiveUsersStore | undefined
  logger: Logger
  /** How long `lastSeen` updates are collected before one statement writes them, in milliseconds. */
  batchMs: number
}

/** Who is online, and when they were last seen. Writes are batched: thousands of pings are one statement. */
export class ChatPresenceService implements PresenceReader {
  private pending = new Map<string, Date>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private writing: Promise<void> = Promise.resolve()

  constructor(private readonly deps: ChatPresenceServiceDeps) {}

  async of(people: readonly { id: string; lastSeen: string }[]): Promise<ReadonlyMap<string, Presence>> {
    const answers = await Promise.all(
      people.map(async ({ id, lastSeen }): Promise<[string, Presence]> => {
        const seen = this.pending.get(id)?.toISOString() ?? lastSeen
        const connected = await this.deps.activeUsers?.isOnline(id)
        const isOnline = connected || Date.now() - Date.parse(seen) <= ONLINE_BY_LAST_SEEN_MS + this.deps.batchMs
        return [id, { isOnline, lastSeen: seen }]
      }),
    )
    return new Map(answers)
  }

  /** Notes that this person is here now; written within `batchMs`. */
  touch(userId: string): Date {
    const now = new Date()
    this.pending.set(userId, now)
    this.timer ??= setTimeout(() => void this.flush(), this.deps.batchMs)
    return now
  }

  /** Writes what was noted so far. A failure is logged and the notes are kept for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.writing = this.writing.then(() => this.write())
    return this.writing
  }

  private async write(): Promise<void> {
    const batch = this.pending
    if (batch.size === 0) return
    this.pending = new Map()
    try {
      await this.deps.lastSeen.touch(batch)
    } catch (error) {
      this.deps.logger.warn('lastSeen could not be written; it will be tried again with the next ones', { error })
      this.pending = new Map([...batch, ...this.pending])
    }
  }
}
