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
import { statusQueries } from './presence'
import { userQueries } from './users'

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
  userQueries,
  statusQueries,
].flatMap((table) => Object.values<Command>(table))

/** What port 3000 answers without a command: health, Prometheus text, and the way to Google and back. */
export const plainAddresses = [
  'GET /api/health',
  'GET /api/metrics',
  'GET /api/auth/google',
  'GET /api/auth/google/callback',
] as const
