import { chatQueries, type HistoryPage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { Transport } from '../transport/Transport'

/** The page of messages at this place; without one the newest. @throws as `Transport.call` does. */
export const readHistory = (
  transport: Transport,
  roomId: string,
  place: { beforeSeq?: number; afterSeq?: number; aroundSeq?: number } = {},
  limit: number = limits.snapshotMessages,
): Promise<HistoryPage> => transport.call(chatQueries.history, { roomId, limit, ...place })
