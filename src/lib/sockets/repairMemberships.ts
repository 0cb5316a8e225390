import type { RoomRepository } from '@/services/chat/ports'
import type { Logger } from '@/services/shared/Logger'
import { socketRooms } from './core/socketRooms'
import type { ChatNamespaceIo } from './core/sockets'

export interface MembershipRepairDeps {
  namespace: ChatNamespaceIo
  rooms: Pick<RoomRepository, 'roomIdsOf'>
  logger: Logger
}

/** People whose memberships are read at the same time. */
const AT_ONCE = 4

/**
 * Brings the sockets of this process in line with the table of members: out of the rooms their user was taken out of,
 * into those they came into. For when announcements may have been missed.
 */
export async function repairMemberships({ namespace, rooms, logger }: MembershipRepairDeps): Promise<void> {
  const prefix = socketRooms.user('')
  const waiting = [...namespace.adapter.rooms.keys()].filter((name) => name.startsWith(prefix))
  const repairNext = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      await repairUser(namespace, rooms, name, name.slice(prefix.length))
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, repairNext))
  } catch (error) {
    logger.warn('memberships could not be checked after a gap in the announcements', { error })
  }
}

async function repairUser(
  { adapter, local }: ChatNamespaceIo,
  rooms: Pick<RoomRepository, 'roomIdsOf'>,
  userRoom: string,
  userId: string,
): Promise<void> {
  const memberOf = new Set((await rooms.roomIdsOf(userId)).map(socketRooms.room))
  const prefix = socketRooms.room('')
  const left = new Set<string>()
  for (const socketId of adapter.rooms.get(userRoom) ?? []) {
    await adapter.addAll(socketId, memberOf)
    for (const room of adapter.sids.get(socketId) ?? []) {
      if (!room.startsWith(prefix) || memberOf.has(room)) continue
      await adapter.del(socketId, room)
      left.add(room.slice(prefix.length))
    }
  }
  for (const roomId of left) local.to(userRoom).emit('roomRemoved', { roomId })
}
