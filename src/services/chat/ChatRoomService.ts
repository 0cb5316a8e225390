import type { Participant, RoomData, RoomsPage } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { NEVER_SEEN } from '@/contracts/presence'
import type { PresenceReader } from '@/services/presence/ports'
import type { Publish } from '@/services/shared/changes'
import type { SessionUser } from '@/services/shared/SessionUser'
import { roomNotFound } from './policy'
import type { DirectRoom, RoomMember, RoomRepository } from './ports'

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
   * @throws AppError BAD_REQUEST (with oneself), NOT_FOUND (no such person, or not a member any more).
   */
  async getOrCreate(user: SessionUser, participantId: string): Promise<DirectRoom> {
    if (participantId === user.id) {
      throw new AppError('BAD_REQUEST', { message: 'A conversation needs somebody else: this is your own id.' })
    }
    const found = await this.deps.rooms.getOrCreateDirect(user.id, participantId)
    if (found === 'nobody') throw new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
    if (found === 'removed') throw roomNotFound()
    if (found.created) {
      this.deps.publish({ type: 'room', roomId: found.roomId, memberIds: [user.id, participantId] })
    }
    return found
  }

  /** The room as this member sees it. @throws AppError NOT_FOUND (no such room, or not a member). */
  async load(userId: string, roomId: string): Promise<RoomData> {
    const data = await this.deps.rooms.load(userId, roomId)
    if (!data) throw roomNotFound()
    return { ...data, participants: await this.withPresence(data.participants) }
  }

  /** Everybody in the room, as this member sees them. Whether they are one is the caller's to check. */
  async participants(userId: string, roomId: string): Promise<Participant[]> {
    return this.withPresence(await this.deps.rooms.participants(userId, roomId))
  }

  list(user: Pick<SessionUser, 'id'>, cursor: string | undefined): Promise<RoomsPage> {
    return this.deps.rooms.list(user.id, cursor)
  }

  /** Of these rooms (absent: of all), those the user is a member of. */
  roomIdsOf(userId: string, among?: readonly string[]): Promise<string[]> {
    return this.deps.rooms.roomIdsOf(userId, among)
  }

  /** Takes a member out; their sockets leave everywhere. @throws AppError NOT_FOUND (they were not a member). */
  async removeParticipant(roomId: string, userId: string): Promise<void> {
    const removed = await this.deps.rooms.removeParticipant(roomId, userId)
    // Also when they were out already: perhaps the answer to the removal before was lost.
    this.deps.publish({ type: 'removed', roomId, userId })
    if (!removed) throw roomNotFound()
  }

  /** Who is hidden is offline and was never seen, whatever they do. */
  private async withPresence(members: readonly RoomMember[]): Promise<Participant[]> {
    const presence = await this.deps.presence.of(members.filter(({ isHidden }) => !isHidden))
    return members.map(({ isHidden, ...participant }) => {
      if (isHidden) return { ...participant, isOnline: false, lastSeen: NEVER_SEEN }
      const { isOnline, lastSeen } = presence.get(participant.id) ?? participant
      return { ...participant, isOnline, lastSeen }
    })
  }
}
