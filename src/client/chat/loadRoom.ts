import {
  chatCommands,
  chatQueries,
  type HistoryPage,
  type Participant,
  type Room,
  type RoomData,
} from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { Transport } from '../transport/Transport'
import { listRooms } from './RoomList'

/** Pages of the list that are searched for a room while there is no socket. */
const MOST_PAGES = 10

/** The newest page of messages, or the one before `beforeSeq`. */
export const readHistory = (transport: Transport, roomId: string, beforeSeq?: number): Promise<HistoryPage> =>
  transport.call(chatQueries.history, {
    roomId,
    limit: limits.snapshotMessages,
    ...(beforeSeq === undefined ? {} : { beforeSeq }),
  })

/**
 * A room's newest messages: by `joinRoom` over the socket, else put together over HTTP. `known`: participants that were
 * known before. @throws as `Transport.call` does.
 */
export const loadRoom = async (transport: Transport, roomId: string, known: Participant[]): Promise<RoomData> => {
  try {
    return await transport.call(chatCommands.joinRoom, { roomId })
  } catch (error) {
    if (error instanceof AppError) throw error
  }
  // The row first: whatever changes between the two requests is then in the messages, and never missed.
  const room = await findRow(transport, roomId)
  const { messages, participants = known } = await readHistory(transport, roomId)
  return { room, messages, participants }
}

const findRow = async (transport: Transport, roomId: string): Promise<Room> => {
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await listRooms(transport, cursor)
    const row = page.rooms.find(({ id }) => id === roomId)
    if (row !== undefined) return row
    cursor = page.nextCursor
    if (cursor === null) break
  }
  throw new AppError('NOT_FOUND')
}
