import type { Participant, Room, RoomData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import type { Clock } from '../transport/clock'
import { ackTimeoutMs, type CommandSocket, connectedSoon } from '../transport/sendCommand'
import type { ChatApi } from './chatApi'

/** Pages of the list that are searched for a room while there is no socket. */
const mostPages = 10

export interface LoadRoomDeps {
  clock: Clock
  socket: CommandSocket
  api: ChatApi
}

/**
 * A room's newest messages: by `joinRoom` over the socket, else put together over HTTP. Rejects as the ladder
 * does.
 */
export const createLoadRoom =
  ({ clock, socket, api }: LoadRoomDeps) =>
  async (roomId: string, known: Participant[]): Promise<RoomData> => {
    if (await connectedSoon(socket, clock)) {
      try {
        return await socket.call('joinRoom', { roomId }, ackTimeoutMs)
      } catch (error) {
        if (error instanceof AppError) throw error
      }
    }
    return overHttp(api, roomId, known)
  }

export type LoadRoom = ReturnType<typeof createLoadRoom>

const overHttp = async (api: ChatApi, roomId: string, known: Participant[]): Promise<RoomData> => {
  // The row first: whatever changes between the two requests is then in the messages, and never missed.
  const room = await findRow(api, roomId)
  const { messages, participants } = await api.history(roomId)
  return { room, messages, participants: participants ?? known }
}

const findRow = async (api: ChatApi, roomId: string): Promise<Room> => {
  let cursor: string | undefined
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await api.listRooms(cursor)
    const row = page.rooms.find(({ id }) => id === roomId)
    if (row !== undefined) return row
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  throw new AppError('NOT_FOUND')
}
