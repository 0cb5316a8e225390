import type { Participant, RoomData, RoomsPage } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { PresenceReader } from '@/services/presence/ports'
import type { Publish } from '@/services/shared/changes'
import type { SessionUser } from '@/services/shared/SessionUser'
import { mayNotWrite, roomNotFound } from './policy'
import type { DirectRoom, RoomRepository } from './ports'
import { presenceShown, withPresence } from './withPresence'

export interface ChatRoomServiceDeps {
  rooms: RoomRepository
  publish: Publish
  presence: PresenceReader
}

/** Rooms and who is in them, for every transport. */
export class ChatRoomService {
  constructor(private readonly deps: ChatRoomServiceDeps) {}

  /**
   * The direct room with this person, made if need be; two people who ask at the same instant get the same room. When it
   * was made now, all participants' sockets have been told. Whoever is in it brings the other one back who was taken out;
   * who was taken out does not come back by themselves.
   * @throws AppError BAD_REQUEST (with oneself), NOT_FOUND (no such person, or not a member any more), FORBIDDEN (it would be
   *   made, and one of the two has blocked the other).
   */
  async getOrCreate(user: SessionUser, participantId: string): Promise<DirectRoom> {
    if (participantId === user.id) {
      throw new AppError('BAD_REQUEST', { message: 'A conversation needs somebody else: this is your own id.' })
    }
    const found = await this.deps.rooms.getOrCreateDirect(user.id, participantId)
    if (found === 'nobody') throw new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
    if (found === 'removed') throw roomNotFound()
    if (found === 'blocking' || found === 'blocked') throw mayNotWrite(found)
    if (found.created) {
      this.deps.publish({ type: 'room', roomId: found.roomId, memberIds: [user.id, participantId] })
    }
    return found
  }

  /** The room as this member sees it. @throws AppError NOT_FOUND (no such room, or not a member). */
  async load(userId: string, roomId: string): Promise<RoomData> {
    const data = await this.deps.rooms.load(userId, roomId)
    if (!data) throw roomNotFound()
    return { ...data, participants: await withPresence(this.deps.presence, data.participants) }
  }

  /** The room as each of these people sees it, those left out who are not in it. */
  async viewsOf(roomId: string, userIds: readonly string[]): Promise<ReadonlyMap<string, RoomData>> {
    const views = await this.deps.rooms.loadFor(roomId, userIds)
    const people = [...views.values()].flatMap(({ participants }) => participants)
    const show = await presenceShown(this.deps.presence, people)
    return new Map([...views].map(([id, data]) => [id, { ...data, participants: data.participants.map(show) }]))
  }

  /** Who is in the room (at most 100, see RoomData), as this member sees them. Whether they are one is the caller's to check. */
  async participants(userId: string, roomId: string): Promise<Participant[]> {
    return withPresence(this.deps.presence, await this.deps.rooms.participants(userId, roomId))
  }

  /** Tells the others that somebody types, unless they are very many. @throws AppError NOT_FOUND (not a member), FORBIDDEN (may not write). */
  async typing(user: SessionUser, { roomId, on }: { roomId: string; on: boolean }): Promise<void> {
    const membership = await this.deps.rooms.membership(user.id, roomId)
    if (membership === null) throw roomNotFound()
    if (membership.barred !== null) throw mayNotWrite(membership.barred)
    if (membership.size <= limits.participantsPage) {
      this.deps.publish({ type: 'typing', typing: { roomId, userId: user.id, on } })
    }
  }

  list(user: Pick<SessionUser, 'id'>, cursor: string | undefined): Promise<RoomsPage> {
    return this.deps.rooms.list(user.id, cursor)
  }

  /** Of these rooms, those the user is a member of. */
  roomIdsOf(userId: string, among: readonly string[]): Promise<string[]> {
    return this.deps.rooms.roomIdsOf(userId, among)
  }
}
