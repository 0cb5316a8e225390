import type { Room, RoomData } from '@/contracts/chat'
import type { TestServers } from './servers'
import type { TestUser } from './testUser'

/** The direct room of two people as the first sees it, made over HTTP unless there is one. */
export async function directRoom(one: TestUser, other: TestUser): Promise<Room> {
  const { body } = await one.http('POST', '/api/chat/rooms', { participantId: other.id })
  return (body as RoomData).room // the contract's answer
}

/** Ada and Grace, who are new, and the direct room they share. */
export async function twoPeopleInARoom(
  servers: TestServers,
): Promise<{ ada: TestUser; grace: TestUser; roomId: string }> {
  const [ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  return { ada, grace, roomId: (await directRoom(ada, grace)).id }
}
