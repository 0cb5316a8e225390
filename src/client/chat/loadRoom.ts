import { chatCommands, chatQueries, type HistoryPage, type RoomData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { Transport } from '../transport/Transport'

/** The newest page of messages, or the one before `beforeSeq`. */
export const readHistory = (
  transport: Transport,
  roomId: string,
  beforeSeq?: number,
  limit: number = limits.snapshotMessages,
): Promise<HistoryPage> =>
  transport.call(chatQueries.history, {
    roomId,
    limit,
    ...(beforeSeq === undefined ? {} : { beforeSeq }),
  })

/** A room's newest messages: by `joinRoom` over the socket, else over HTTP. @throws as `Transport.call` does. */
export const loadRoom = async (transport: Transport, roomId: string): Promise<RoomData> => {
  try {
    return await transport.call(chatCommands.joinRoom, { roomId })
  } catch (error) {
    if (error instanceof AppError) throw error
  }
  return transport.call(chatQueries.readRoom, { roomId })
}
