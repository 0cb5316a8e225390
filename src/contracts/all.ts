import { accountCommands } from './account'
import { adminCommands, adminEvents, adminQueries } from './admin'
import { auditQueries } from './audit'
import { authCommands } from './auth'
import { chatQueries } from './chat'
import type { Command } from './command'
import { commonEvents, pageContracts } from './events'
import { messageDetailQueries } from './messageDetails'
import { notificationQueries } from './notifications'
import { peopleCommands } from './people'
import { mailCommands, preferenceCommands } from './preferences'
import { statusQueries } from './presence'
import { pushCommands } from './push'
import { topicQueries } from './topics'
import { userQueries } from './users'
import { webhookCommands } from './webhooks'

/** What `/admin` speaks. */
export const adminContract = { commands: adminCommands, events: { ...adminEvents, ...commonEvents } } as const

/** What each namespace speaks, for whatever walks the contract: tests, generated documents, metrics labels. */
export const namespaceContracts = { ...pageContracts, '/admin': adminContract } as const

/** Every command there is, of both transports. */
export const allCommands: readonly Command[] = [
  ...Object.values(namespaceContracts).map(({ commands }) => commands),
  accountCommands,
  adminQueries,
  auditQueries,
  authCommands,
  chatQueries,
  messageDetailQueries,
  notificationQueries,
  peopleCommands,
  preferenceCommands,
  pushCommands,
  mailCommands,
  topicQueries,
  userQueries,
  statusQueries,
  webhookCommands,
].flatMap((table) => Object.values<Command>(table))

/** What port 3000 answers without a command: health, Prometheus text, the way to Google and back, and that of a mail's link. */
export const plainAddresses = [
  'GET /api/health',
  'GET /api/metrics',
  'GET /api/auth/google',
  'GET /api/auth/google/callback',
  'GET /api/mail/unsubscribe',
] as const
