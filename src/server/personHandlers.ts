import type { chatQueries } from '@/contracts/chat'
import type { messageDetailQueries } from '@/contracts/messageDetails'
import type { notificationQueries } from '@/contracts/notifications'
import type { preferenceCommands } from '@/contracts/preferences'
import type { topicQueries } from '@/contracts/topics'
import type { userQueries } from '@/contracts/users'
import type { AnyHandler, HandlerTable } from '@/lib/pipeline/handlers'
import { type ChatServices, chatHandlers } from '@/lib/sockets/namespaces/chat/handlers'
import { type NotificationsServices, notificationHandlers } from '@/lib/sockets/namespaces/notifications/handlers'
import type { SearchService } from '@/services/chat/SearchService'
import type { PreferenceService } from '@/services/notifications/PreferenceService'
import type { UserDirectory } from '@/services/users/UserDirectory'

export interface PersonServices extends ChatServices, NotificationsServices {
  search: SearchService
  preferences: PreferenceService
  users: UserDirectory
}

/** What people do with their conversations and notifications, by the command's name: for HTTP and GraphQL alike. */
export function personHandlers(services: PersonServices): Record<string, AnyHandler> {
  const rows = { ...chatHandlers(services), ...notificationHandlers(services), ...queryHandlers(services) }
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, typeof row === 'function' ? row : row.handle]),
  )
}

type Queries = typeof chatQueries &
  typeof messageDetailQueries &
  Omit<typeof notificationQueries, 'createNotifications'> &
  typeof preferenceCommands &
  typeof topicQueries &
  typeof userQueries

const queryHandlers = (services: PersonServices): HandlerTable<Queries> => {
  const { rooms, groups, blocks, messages, search, notifications, preferences, users } = services
  return {
    listRooms: ({ user }, { cursor }) => rooms.list(user, cursor),

    listParticipants: ({ user }, { roomId, cursor }) => groups.list(user, roomId, cursor),

    listReactions: ({ user }, query) => messages.reactions(user, query),

    messageDetails: ({ user }, query) => messages.details(user, query),

    listBlocked: ({ user }, { cursor }) => blocks.list(user, cursor),

    history: ({ user }, input) => messages.history(user, input),

    searchMessages: ({ user }, query) => search.find(user, query),

    findUsers: ({ user }, { query }) => users.find(user, query),

    listNotifications: ({ user }, query) => notifications.list(user, query),

    listTopics: ({ user }, { cursor }) => notifications.topics(user, cursor),

    readPreferences: ({ user }) => preferences.read(user),

    changePreferences: ({ user }, change) => preferences.change(user, change),

    createTestNotification: ({ user }, content) => notifications.create({ userId: user.id, ...content }),
  }
}
