import type { z } from 'zod'
import { type ChatCommands, chatCommands, chatQueries } from '@/contracts/chat'
import type { Command, CommandData, CommandInput } from '@/contracts/command'
import { limits } from '@/contracts/limits'
import type { HttpPort } from '../transport/ports'

/** Commands that exist over HTTP too, and where. */
const routes = {
  getOrCreateRoom: { method: 'POST', path: '/api/chat/rooms' },
  sendMessage: { method: 'POST', path: '/api/chat/messages' },
  markMessagesRead: { method: 'PATCH', path: '/api/chat/messages/read' },
  syncRooms: { method: 'POST', path: '/api/chat/sync' },
} as const

export type FallbackCommand = keyof typeof routes

const ask = <C extends Command>(
  http: HttpPort,
  route: { method: 'POST' | 'PATCH'; path: string },
  command: C,
  input: CommandInput<C>,
): Promise<CommandData<C>> => http.request<C['data']>({ ...route, body: input, schema: command.data })

/** The chat's HTTP routes, typed by the contract. */
export const createChatApi = (http: HttpPort) => ({
  command<Name extends FallbackCommand>(
    name: Name,
    input: CommandInput<ChatCommands[Name]>,
  ): Promise<CommandData<ChatCommands[Name]>> {
    return ask(http, routes[name], chatCommands[name], input)
  },

  listRooms: (cursor?: string): Promise<z.output<typeof chatQueries.listRooms.data>> =>
    http.request({ method: 'GET', path: '/api/chat/rooms', query: { cursor }, schema: chatQueries.listRooms.data }),

  /** The newest page, or the one before `beforeSeq`. */
  history: (roomId: string, beforeSeq?: number): Promise<z.output<typeof chatQueries.history.data>> =>
    http.request({
      method: 'GET',
      path: '/api/chat/messages',
      query: { roomId, beforeSeq, limit: limits.snapshotMessages },
      schema: chatQueries.history.data,
    }),
})

export type ChatApi = ReturnType<typeof createChatApi>
