import { chatCommands, chatQueries, type HistoryPage, type RoomData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { Transport } from '../transport/Transport'

/** The page of messages at this place; without one the newest. @throws as `Transport.call` does. */
export const readHistory = (
  transport: Transport,
  roomId: string,
  place: { beforeSeq?: number; afterSeq?: number; aroundSeq?: number } = {},
  limit: number = limits.snapshotMessages,
): Promise<HistoryPage> => transport.call(chatQueries.history, { roomId, limit, ...place })

/** A room's newest messages: by `joinRoom` over the socket, else over HTTP. @throws as `Transport.call` does. */
export const loadRoom = async (transport: Transport, roomId: string): Promise<RoomData> => {
  try {
    return await transport.call(chatCommands.joinRoom, { roomId })
  } catch (error) {
    if (error instanceof AppError) throw error
  }
  return transport.call(chatQueries.readRoom, { roomId })
}
