import type { Participant, Room } from '@/contracts/chat'
import type { GroupRole } from '@/contracts/chatShapes'
import { AppError } from '@/contracts/errors'
import type { ParticipantsPage, RoomPreferencesInput } from '@/contracts/groups'
import { limits } from '@/contracts/limits'
import { may } from '@/contracts/permissions'
import type { PresenceReader } from '@/services/presence/ports'
import type { Publish } from '@/services/shared/changes'
import type { SessionUser } from '@/services/shared/SessionUser'
import { roomNotFound } from './policy'
import type { GroupOutcome, GroupRefusal, GroupRepository } from './ports'
import { withPresence } from './withPresence'

export interface GroupServiceDeps {
  groups: GroupRepository
  publish: Publish
  presence: PresenceReader
}

/**
 * Groups: who is in them and what they are called. Whatever changes is said by system messages in the room's order, so that
 * catching up brings it. Every method may be repeated: what is so already is done, and nothing is published.
 */
export class GroupService {
  constructor(private readonly deps: GroupServiceDeps) {}

  /**
   * A group of these people, with the maker as its owner; the same maker's `clientId` again is the same group.
   * @throws AppError NOT_FOUND (somebody does not exist), FORBIDDEN (somebody has blocked the maker).
   */
  async create(
    user: SessionUser,
    { name, userIds, clientId }: { name: string; userIds: readonly string[]; clientId: string | undefined },
  ): Promise<{ roomId: string; created: boolean }> {
    const group = { name, userIds, clientId: clientId ?? crypto.randomUUID() }
    const made = this.done(await this.deps.groups.create(user.id, group))
    const { roomId, created } = made
    if (created) this.deps.publish({ type: 'room', roomId, memberIds: [...new Set([user.id, ...userIds])] })
    this.tell(roomId, made.posted)
    return { roomId, created }
  }

  /** @throws AppError NOT_FOUND (no such room, or not a member), FORBIDDEN (owners and admins do this). */
  async update(
    user: SessionUser,
    { roomId, ...change }: { roomId: string; name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<Room> {
    const { posted } = this.done(await this.deps.groups.update(user.id, roomId, change))
    this.tell(roomId, posted)
    return this.view(user, roomId)
  }

  /**
   * Brings people in; their sockets join everywhere, and they see the room. Answers those who were not in it.
   * @throws AppError as `update`, and BAD_REQUEST (too many), NOT_FOUND (somebody does not exist), FORBIDDEN (somebody has
   *   blocked who adds them).
   */
  async add(
    user: SessionUser,
    { roomId, userIds }: { roomId: string; userIds: readonly string[] },
  ): Promise<{ participants: Participant[] }> {
    const { posted, arrived } = this.done(await this.deps.groups.add(user.id, roomId, userIds))
    if (arrived.length === 0) return { participants: [] }
    this.deps.publish({ type: 'room', roomId, memberIds: arrived })
    this.tell(roomId, posted)
    return { participants: await this.participants(user.id, roomId, arrived) }
  }

  /**
   * Takes somebody out, or oneself: their sockets leave everywhere. When the last owner leaves somebody else becomes one.
   * @throws AppError NOT_FOUND (no such room, or neither is nor was a member), FORBIDDEN (members take out nobody, and admins
   *   no owner; who may write nothing can only leave).
   */
  async remove(
    user: SessionUser,
    { roomId, userId }: { roomId: string; userId: string },
  ): Promise<{ roomId: string; userId: string }> {
    if (userId !== user.id && !may(user, 'chat:write')) throw new AppError('FORBIDDEN')
    const { posted } = this.done(await this.deps.groups.remove(user.id, roomId, userId))
    // Also when they were out already: perhaps the answer to the removal before was lost.
    this.deps.publish({ type: 'removed', roomId, userId })
    this.tell(roomId, posted)
    return { roomId, userId }
  }

  /** @throws AppError NOT_FOUND (no such room or member), FORBIDDEN (owners do this), BAD_REQUEST (no owner would be left). */
  async setRole(
    user: SessionUser,
    { roomId, userId, role }: { roomId: string; userId: string; role: GroupRole },
  ): Promise<Participant> {
    const { posted } = this.done(await this.deps.groups.setRole(user.id, roomId, userId, role))
    this.tell(roomId, posted)
    const [participant] = await this.participants(user.id, roomId, [userId])
    if (!participant) throw roomNotFound()
    return participant
  }

  /** Mutes and pins, for oneself alone. @throws AppError NOT_FOUND (no such room, or not a member). */
  async setPreferences(user: SessionUser, { roomId, ...preferences }: RoomPreferencesInput): Promise<Room> {
    if (!(await this.deps.groups.setPreferences(user.id, roomId, preferences))) throw roomNotFound()
    this.deps.publish({ type: 'roomUpdated', roomId, userIds: [user.id] })
    return this.view(user, roomId)
  }

  /** Everybody, in pages. @throws AppError NOT_FOUND (no such room, or not a member). */
  async list(user: SessionUser, roomId: string, cursor: string | undefined): Promise<ParticipantsPage> {
    const page = await this.deps.groups.membersPage(user.id, roomId, cursor)
    if (!page) throw roomNotFound()
    return { participants: await withPresence(this.deps.presence, page.members), nextCursor: page.nextCursor }
  }

  /** The room as each of these people sees it, those left out who are not in it. */
  viewsOf(roomId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Room>> {
    return this.deps.groups.viewsOf(roomId, userIds)
  }

  private async participants(userId: string, roomId: string, among: readonly string[]): Promise<Participant[]> {
    return withPresence(this.deps.presence, await this.deps.groups.members(userId, roomId, among))
  }

  private async view(user: SessionUser, roomId: string): Promise<Room> {
    const room = (await this.deps.groups.viewsOf(roomId, [user.id])).get(user.id)
    if (!room) throw roomNotFound()
    return room
  }

  private tell(roomId: string, posted: Extract<GroupOutcome, { posted: unknown }>['posted']): void {
    for (const message of posted) this.deps.publish({ type: 'message', message })
    if (posted.length > 0) this.deps.publish({ type: 'roomUpdated', roomId })
  }

  private done<Done>(result: GroupOutcome<Done>): Extract<GroupOutcome<Done>, { outcome: 'done' }> {
    if (!('posted' in result)) throw refusals[result.outcome]()
    return result
  }
}

const refusals: Record<GroupRefusal, () => AppError> = {
  not_found: roomNotFound,
  not_a_group: () => new AppError('BAD_REQUEST', { message: 'This is a conversation of two people, not a group.' }),
  forbidden: () => new AppError('FORBIDDEN', { message: 'Your role in this group does not allow this.' }),
  full: () => new AppError('BAD_REQUEST', { message: `A group has at most ${limits.groupMembers} members.` }),
  nobody: () => new AppError('NOT_FOUND', { message: 'One of these people does not exist.' }),
  // As neutral as what somebody is told who writes.
  unwilling: () => new AppError('FORBIDDEN', { message: "You can't bring all of these people into a group." }),
  last_owner: () =>
    new AppError('BAD_REQUEST', { message: 'A group has an owner: make somebody else one before this.' }),
}
