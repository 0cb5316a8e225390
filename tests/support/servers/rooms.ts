import type { Room, RoomData } from '@/contracts/chat'
import type { TestServers } from './servers'
import type { TestUser } from './testUser'

/** The direct room of two people as the first sees it, made over HTTP unless there is one. */
export async function directRoom(one: TestUser, other: TestUser): Promise<Room> {
  const { body } = await one.http('POST', '/api/chat/rooms', { participantId: other.id })
  return (body as RoomData).room // the contract's answer
}

/** A group of these people as its maker sees it, made over HTTP. */
export async function groupOf(maker: TestUser, members: readonly TestUser[], name = 'A group'): Promise<Room> {
  const participantIds = members.map(({ id }) => id)
  const { status, body } = await maker.http('POST', '/api/chat/rooms', { participantIds, name })
  if (status !== 201) throw new Error(`could not make a group: ${JSON.stringify(body)}`)
  return (body as RoomData).room // the contract's answer
}

/** The same two, who are told each other's presence: as if both had written, without messages to count. */
export async function twoAcquaintances(servers: TestServers): ReturnType<typeof twoPeopleInARoom> {
  const people = await twoPeopleInARoom(servers)
  await servers.db.query('UPDATE participants SET has_written = true WHERE room_id = $1', [people.roomId])
  return people
}

/** Ada and Grace, who are new, and the direct room they share. */
export async function twoPeopleInARoom(
  servers: TestServers,
): Promise<{ ada: TestUser; grace: TestUser; roomId: string }> {
  const [ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  return { ada, grace, roomId: (await directRoom(ada, grace)).id }
}
