import { chatCommands, chatQueries } from '@/contracts/chat'
import type { Command } from '@/contracts/command'
import { splitAddress } from '@/contracts/httpRequest'
import { messageDetailQueries } from '@/contracts/messageDetails'
import { notificationCommands, notificationQueries } from '@/contracts/notifications'
import { isForServices } from '@/contracts/permissions'
import { preferenceCommands } from '@/contracts/preferences'
import { topicQueries } from '@/contracts/topics'
import { userQueries } from '@/contracts/users'

/** What people do with their conversations and notifications, and needs no socket. */
export const graphqlCommands: readonly Command[] = [
  ...[chatCommands, chatQueries, messageDetailQueries, userQueries],
  ...[notificationCommands, notificationQueries, preferenceCommands, topicQueries],
]
  .flatMap((table) => Object.values<Command>(table))
  .filter(({ http, permission }) => typeof http === 'string' && !isForServices(permission))

/** What HTTP reads with GET is a query, all else a mutation. */
export const isQuery = ({ http }: Command): boolean => typeof http === 'string' && splitAddress(http).method === 'GET'
