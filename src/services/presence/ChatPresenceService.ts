import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { OnlineUsersPage, Presence, PresenceMap, UserStatus } from '@/contracts/presence'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { LastSeenBatch } from './LastSeenBatch'
import type { ActiveUser, ActiveUsersStore, DepartedUser, LastSeen, LastSeenRepository, PresenceReader } from './ports'

/** Where no store of connections answers, somebody counts as online this long after `lastSeen` (requirements 000, NF-6). */
export const ONLINE_BY_LAST_SEEN_MS = 30_000

export interface ChatPresenceServiceDeps {
  repository: LastSeenRepository
  lastSeen: LastSeenBatch
  /** Absent where no process's connections are known: then `lastSeen` decides. */
  activeUsers: ActiveUsersStore | undefined
}

/** Whoever has left may be on the way back (a reload), in milliseconds. */
export const PRESENCE_GRACE_MS = 5_000

/** Who is online, away, or when they were last seen. */
export class ChatPresenceService implements PresenceReader {
  constructor(private readonly deps: ChatPresenceServiceDeps) {}

  async of(people: readonly LastSeen[]): Promise<ReadonlyMap<string, Presence>> {
    const here = await this.deps.activeUsers?.getUsers(people.map((person) => person.id))
    return new Map(people.map((person) => [person.id, this.presenceOf(person, here?.get(person.id))]))
  }

  /**
   * Whether each of them has a page in front of them. Undefined: nobody knows their connections, and they were seen a moment
   * ago.
   */
  async inFront(people: readonly LastSeen[]): Promise<ReadonlyMap<string, boolean | undefined>> {
    const here = await this.deps.activeUsers?.getUsers(people.map((person) => person.id))
    return new Map(
      people.map((person) => {
        const known = here?.get(person.id)
        if (known && 'connections' in known) return [person.id, !known.away]
        return [person.id, this.presenceOf(person, known).isOnline ? undefined : false]
      }),
    )
  }

  /** Ids that nobody has are left out. Who may know is the caller's to check. */
  private async ofIds(userIds: readonly string[]): Promise<PresenceMap> {
    return Object.fromEntries(await this.of(await this.deps.repository.lastSeenOf(userIds)))
  }

  /**
   * Of the people one shares a group with, or a direct room in which both have written (absent `ids`: of all of them, at
   * most 500); others are left out.
   */
  async sync(user: SessionUser, ids: readonly string[] | undefined): Promise<PresenceMap> {
    return Object.fromEntries(await this.of(await this.deps.repository.peersOf(user.id, limits.presenceIds, ids)))
  }

  /** Who of two people is told the other's presence, and what of it. */
  async ofEachOther([one, other]: readonly [string, string]): Promise<{ to: string; presence: PresenceMap }[]> {
    const { repository } = this.deps
    const [isOneTold, isOtherTold] = await Promise.all([repository.isTold(one, other), repository.isTold(other, one)])
    const told = [...(isOneTold ? [one] : []), ...(isOtherTold ? [other] : [])]
    const known = await this.ofIds(told.length > 0 ? [one, other] : [])
    return told.map((to) => ({
      to,
      presence: Object.fromEntries(Object.entries(known).filter(([userId]) => userId !== to)),
    }))
  }

  /** @throws AppError NOT_FOUND (nobody has this id). */
  async status(userId: string): Promise<UserStatus> {
    const [person] = await this.deps.repository.lastSeenOf([userId])
    if (!person) throw new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
    const here = await this.deps.activeUsers?.getUsers([userId])
    return { userId, ...this.presenceOf(person, here?.get(userId)) }
  }

  /** Ids that nobody has answer null. */
  async bulk(userIds: readonly string[]): Promise<{ statuses: Record<string, Presence | null> }> {
    const known = await this.of(await this.deps.repository.lastSeenOf(userIds))
    return { statuses: Object.fromEntries(userIds.map((id) => [id, known.get(id) ?? null])) }
  }

  /** Everybody with a connection, by id, in pages. `cursor` is the last id of the page before. */
  async online(cursor: string | undefined): Promise<OnlineUsersPage> {
    const all = ((await this.deps.activeUsers?.getAllUsers()) ?? []).sort()
    const rest = cursor === undefined ? all : all.filter((id) => id > cursor)
    const page = rest.slice(0, limits.presenceIds)
    const statuses = await this.of(await this.deps.repository.lastSeenOf(page))
    return {
      users: [...statuses].map(([userId, { isOnline, lastSeen }]) => ({ userId, isOnline, lastSeen })),
      nextCursor: rest.length > page.length ? (page.at(-1) ?? null) : null,
      total: all.length,
    }
  }

  private presenceOf({ id, lastSeen }: LastSeen, known: ActiveUser | DepartedUser | undefined): Presence {
    const seen = this.deps.lastSeen.pendingOf(id)?.toISOString() ?? lastSeen
    if (known && 'connections' in known)
      return { isOnline: true, lastSeen: seen, ...(known.away ? { away: true } : {}) }
    const hasLeft = known !== undefined && Date.parse(seen) <= known.leftAt.getTime()
    const believedForMs = hasLeft ? PRESENCE_GRACE_MS : ONLINE_BY_LAST_SEEN_MS + this.deps.lastSeen.batchMs
    return { isOnline: Date.now() - Date.parse(seen) <= believedForMs, lastSeen: seen }
  }
}
