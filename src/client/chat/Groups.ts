import { chatCommands, chatQueries, type Participant, type Room, type RoomData } from '@/contracts/chat'
import type { CommandInput } from '@/contracts/command'
import type { ParticipantsPage } from '@/contracts/groups'
import type { Transport } from '../transport/Transport'

export interface GroupsDeps {
  transport: Transport
  createClientId(): string
  /** A room that was made just now. */
  made(data: RoomData): void
  /** What is said of the room changed. */
  described(room: Room): void
  /** This person is in it no more. */
  gone(roomId: string): void
}

type Preferences = Omit<CommandInput<typeof chatCommands.setRoomPreferences>, 'roomId'>
type Description = Omit<CommandInput<typeof chatCommands.updateRoom>, 'roomId'>

/**
 * What one does to groups, asked of the server at once: none of it waits in the queue. The answer shows at once where one
 * asked; everybody else hears of it by events. Each rejects as `Transport.call` does.
 */
export class Groups {
  /** The group that was asked for and may have been made: whoever asks again means that one. */
  private asked: { as: string; clientId: string } | undefined

  constructor(
    private readonly userId: string,
    private readonly deps: GroupsDeps,
  ) {}

  /** A group of these people and oneself; resolves to its room's id. */
  async start(name: string, participantIds: string[]): Promise<string> {
    const { transport, createClientId, made } = this.deps
    const as = JSON.stringify([name, participantIds])
    if (this.asked?.as !== as) this.asked = { as, clientId: createClientId() }
    const { clientId } = this.asked
    const data = await transport.call(chatCommands.getOrCreateRoom, { name, participantIds, clientId })
    this.asked = undefined
    made(data)
    return data.room.id
  }

  async update(roomId: string, change: Description): Promise<void> {
    this.deps.described(await this.deps.transport.call(chatCommands.updateRoom, { roomId, ...change }))
  }

  async add(roomId: string, userIds: string[]): Promise<Participant[]> {
    return (await this.deps.transport.call(chatCommands.addParticipants, { roomId, userIds })).participants
  }

  async remove(roomId: string, userId: string): Promise<void> {
    await this.deps.transport.call(chatCommands.removeParticipant, { roomId, userId })
    if (userId === this.userId) this.deps.gone(roomId)
  }

  leave(roomId: string): Promise<void> {
    return this.remove(roomId, this.userId)
  }

  setRole(roomId: string, userId: string, role: Participant['role']): Promise<Participant> {
    return this.deps.transport.call(chatCommands.setParticipantRole, { roomId, userId, role })
  }

  async setPreferences(roomId: string, preferences: Preferences): Promise<void> {
    this.deps.described(await this.deps.transport.call(chatCommands.setRoomPreferences, { roomId, ...preferences }))
  }

  /** Everybody in the room as they are now, however many pages that takes. */
  async everybody(roomId: string): Promise<Participant[]> {
    const people: Participant[] = []
    let page: ParticipantsPage | undefined
    do {
      page = await this.members(roomId, page?.nextCursor ?? undefined)
      people.push(...page.participants)
    } while (page.nextCursor !== null)
    return people
  }

  /** Everybody in the room, a page at a time. */
  members(roomId: string, cursor?: string): Promise<ParticipantsPage> {
    return this.deps.transport.call(
      chatQueries.listParticipants,
      cursor === undefined ? { roomId } : { roomId, cursor },
    )
  }
}
