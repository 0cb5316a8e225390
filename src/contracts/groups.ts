import * as z from 'zod/mini'
import { GroupRole, Participant, Room } from './chatShapes'
import { command } from './command'
import { limits } from './limits'
import { atMost, Cursor, Id, line, Picture, SomeTime } from './primitives'

const GroupName = line('A name', 100)
const people = (most: number) => atMost(most, 'people', z.array(Id).check(z.minLength(1, 'Name somebody.')))

/** The direct room with `participantId`, or a new group: the same `clientId` again is the same group. */
export const GetOrCreateRoomInput = z
  .object({
    participantId: z.optional(Id),
    participantIds: z.optional(people(limits.groupMembers - 1)),
    name: z.optional(GroupName),
    clientId: z.optional(Id),
  })
  .check(
    z.refine(({ participantId, participantIds }) => (participantId === undefined) !== (participantIds === undefined), {
      error: 'Say with whom: participantId, or participantIds for a group.',
      path: ['participantId'],
    }),
    z.refine(({ participantIds, name }) => participantIds === undefined || name !== undefined, {
      error: 'Give the group a name.',
      path: ['name'],
    }),
  )

export const UpdateRoomInput = z.object({
  roomId: Id,
  name: z.optional(GroupName),
  avatarImage: z.optional(z.nullable(Picture)),
})

export const AddParticipantsInput = z.object({ roomId: Id, userIds: people(limits.addedAtOnce) })

export const ParticipantRef = z.object({ roomId: Id, userId: Id })

export const SetRoleInput = z.extend(ParticipantRef, { role: GroupRole })

/** What is left out stays. */
export const RoomPreferencesInput = z.object({
  roomId: Id,
  /** No alerts until then; null: from now on again. */
  mutedUntil: z.optional(z.nullable(SomeTime)),
  pinned: z.optional(z.boolean()),
})
export type RoomPreferencesInput = z.output<typeof RoomPreferencesInput>

/** One is in this room no more. */
export const RoomRemoved = z.object({ roomId: Id })

/** In the order in which they came. `nextCursor`: there are more; null: there are none. */
export const ParticipantsPage = z.object({ participants: z.array(Participant), nextCursor: z.nullable(Cursor) })
export type ParticipantsPage = z.infer<typeof ParticipantsPage>

/**
 * What members of a group do to it. Each may be repeated: what is so already changes nothing, and is said by no system
 * message.
 */
export const groupCommands = {
  /** Name and picture of a group, by its owners and admins. */
  updateRoom: command({
    input: UpdateRoomInput,
    data: Room,
    http: 'PATCH /api/chat/rooms/:roomId',
    permission: 'chat:write',
    limit: 'chat-rooms',
    errors: ['NOT_FOUND'],
  }),
  /** Takes people into a group, by its owners and admins. They see all that was written before. */
  addParticipants: command({
    input: AddParticipantsInput,
    /** Those who came by this call. */
    data: z.object({ participants: z.array(Participant) }),
    http: 'POST /api/chat/rooms/:roomId/participants',
    permission: 'chat:write',
    limit: 'chat-rooms',
    errors: ['NOT_FOUND'],
  }),
  /** Takes somebody out of a group; oneself: leaves it. */
  removeParticipant: command({
    input: ParticipantRef,
    data: ParticipantRef,
    http: 'DELETE /api/chat/rooms/:roomId/participants/:userId',
    // Everybody may leave; to take out somebody else asks for chat:write.
    permission: 'chat:read',
    limit: 'chat-preferences',
    errors: ['NOT_FOUND'],
  }),
  /** Makes a member owner, admin or member, by an owner. */
  setParticipantRole: command({
    input: SetRoleInput,
    data: Participant,
    http: 'PATCH /api/chat/rooms/:roomId/participants/:userId',
    permission: 'chat:write',
    limit: 'chat-rooms',
    errors: ['NOT_FOUND'],
  }),
  /** Mutes or pins a room, for oneself. */
  setRoomPreferences: command({
    input: RoomPreferencesInput,
    data: Room,
    http: 'PATCH /api/chat/rooms/:roomId/preferences',
    permission: 'chat:read',
    limit: 'chat-preferences',
    errors: ['NOT_FOUND'],
  }),
}

/** Reads of rooms that HTTP alone has. */
export const groupQueries = {
  /** Who is in a room, with how far they have read. */
  listParticipants: command({
    input: z.object({ roomId: Id, cursor: z.optional(Cursor) }),
    /** In the order in which they came. */
    data: ParticipantsPage,
    http: 'GET /api/chat/rooms/:roomId/participants',
    permission: 'chat:read',
    limit: 'chat-history',
    errors: ['NOT_FOUND'],
    takesTurns: true,
  }),
}
