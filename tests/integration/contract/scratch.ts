import { z } from 'zod'
import type * as chat from '@/contracts/chat'
import { command, commandTable } from '@/contracts/command'
import { Id } from '@/contracts/primitives'
import type { Handler } from '@/lib/pipeline/handlers'
import type * as handlers from '@/lib/sockets/namespaces/chat/handlers'
import type * as service from '@/services/chat/ChatRoomService'
import type { SessionUser } from '@/services/shared/SessionUser'

/** What somebody writes who adds a command to `/chat`: three pieces, each put into the module where it belongs. */

// 1. The declaration, in src/contracts/chat.ts.
const scratchTable = commandTable('/chat', {
  countRooms: command({
    input: z.object({ userId: Id, times: z.coerce.number().int().min(1).default(1) }),
    data: z.object({ userId: Id, rooms: z.int() }),
    http: 'GET /api/chat/users/:userId/rooms',
    permission: 'admin:view-health',
    limit: 'search',
    audit: true,
  }),
})
export const scratchCommand = scratchTable.countRooms

export const withDeclaration = (module: typeof chat) => ({
  ...module,
  chatCommands: { ...module.chatCommands, ...scratchTable },
})

// 2. The service's method, in src/services/chat/ChatRoomService.ts.
interface RoomCounter {
  countRooms(userId: string, times: number): Promise<{ userId: string; rooms: number }>
}

export const withServiceMethod = (module: typeof service) => ({
  ...module,
  ChatRoomService: class extends module.ChatRoomService implements RoomCounter {
    async countRooms(userId: string, times: number) {
      const somebody = { id: userId } as SessionUser // no more of them is looked at
      return { userId, rooms: (await this.list(somebody, undefined)).rooms.length * times }
    }
  },
})

// 3. The handler's row, in src/lib/sockets/namespaces/chat/handlers.ts.
const withRow = <Services, Rows>(services: Services & { rooms: unknown }, rows: Rows) => {
  const rooms = services.rooms as RoomCounter // the class above
  const countRooms: Handler<typeof scratchCommand> = (_, { userId, times }) => rooms.countRooms(userId, times)
  return { ...rows, countRooms }
}

export const withHandler = (module: typeof handlers) => ({
  ...module,
  chatHandlers: (services: handlers.ChatServices) => withRow(services, module.chatHandlers(services)),
  chatSocketHandlers: (services: Parameters<typeof module.chatSocketHandlers>[0]) =>
    withRow(services, module.chatSocketHandlers(services)),
})
