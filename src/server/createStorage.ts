import { createMailBox } from '@/lib/auth/secretBox'
import { randomSecrets } from '@/lib/auth/secretHash'
import type { Announcing } from '@/lib/db/Announcing'
import { type Connections, createConnections, createDatabase, type Database } from '@/lib/db/database'
import { PrismaAuditStore } from '@/lib/db/repositories/auditLog'
import { PrismaAccounts } from '@/lib/db/repositories/PrismaAccounts'
import { PrismaBlockRepository } from '@/lib/db/repositories/PrismaBlockRepository'
import { PrismaCanaryRooms } from '@/lib/db/repositories/PrismaCanaryRooms'
import { PrismaDeliveryQueue } from '@/lib/db/repositories/PrismaDeliveryQueue'
import { PrismaDigests } from '@/lib/db/repositories/PrismaDigests'
import { PrismaGroupRepository } from '@/lib/db/repositories/PrismaGroupRepository'
import { PrismaIdempotency } from '@/lib/db/repositories/PrismaIdempotency'
import { PrismaInvites } from '@/lib/db/repositories/PrismaInvites'
import { PrismaMailQueue } from '@/lib/db/repositories/PrismaMailQueue'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaNotificationRepository } from '@/lib/db/repositories/PrismaNotificationRepository'
import { PrismaPasswordResets } from '@/lib/db/repositories/PrismaPasswordResets'
import { PrismaPeopleRepository } from '@/lib/db/repositories/PrismaPeopleRepository'
import { PrismaPreferences } from '@/lib/db/repositories/PrismaPreferences'
import { PrismaPush } from '@/lib/db/repositories/PrismaPush'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { PrismaSearch } from '@/lib/db/repositories/PrismaSearch'
import { PrismaSecondFactors } from '@/lib/db/repositories/PrismaSecondFactors'
import { PrismaSignInSteps } from '@/lib/db/repositories/PrismaSignInSteps'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { PrismaWebhooks } from '@/lib/db/repositories/PrismaWebhooks'
import { PrismaSessionReader } from '@/lib/db/repositories/sessions'
import { PrismaTicketRegister } from '@/lib/db/repositories/tickets'
import type { RuntimeConfig } from '@/lib/env/config'
import type { Logger } from '@/services/shared/Logger'

export interface Databases {
  db: Database
  /** One connection of its own for what is committed: slow reads must not keep it waiting. */
  commitDb: Connections
  stop(): Promise<void>
}

/** Connects at the first query. */
export function createDatabases(
  { databaseUrl, databasePoolSize }: { databaseUrl: string; databasePoolSize: number },
  applicationName: string,
  logger: Logger,
): Databases {
  const options = { url: databaseUrl, logger, applicationName }
  const db = createDatabase({ ...options, poolSize: databasePoolSize })
  const commitDb = createConnections({ ...options, poolSize: 1 })
  return {
    db,
    commitDb,
    async stop() {
      await Promise.all([db.close(), commitDb.close()])
    },
  }
}

/** The ports of the services over the database. */
export const createStorage = (
  { db, commitDb }: Databases,
  announcing: Announcing,
  config: Pick<RuntimeConfig, 'secondFactorForAdmins'>,
) => ({
  messages: new PrismaMessageRepository(db, commitDb, announcing),
  rooms: new PrismaRoomRepository(db, announcing),
  groups: new PrismaGroupRepository(db, announcing),
  blocks: new PrismaBlockRepository(db, announcing),
  search: new PrismaSearch(db),
  users: new PrismaUserRepository(db, announcing),
  people: new PrismaPeopleRepository(db),
  sessions: new PrismaSessionReader(db, config),
  tickets: new PrismaTicketRegister(db, config),
  notifications: new PrismaNotificationRepository(db.prisma, announcing),
  idempotency: new PrismaIdempotency(db, announcing),
  preferences: new PrismaPreferences(db),
  canaryRooms: new PrismaCanaryRooms(db),
  audit: new PrismaAuditStore(db),
  secondFactors: new PrismaSecondFactors(db),
  signInSteps: new PrismaSignInSteps(db, randomSecrets),
  invites: new PrismaInvites(db),
  accounts: new PrismaAccounts(db),
  webhooks: new PrismaWebhooks(db),
  deliveries: new PrismaDeliveryQueue(db),
  push: new PrismaPush(db),
})
export type Storage = ReturnType<typeof createStorage>

/** What only an installation that sends e-mail has. */
export function createMailStorage(
  { db }: Pick<Databases, 'db'>,
  announcing: Announcing,
  { sessionTokenKeys }: Pick<RuntimeConfig, 'sessionTokenKeys'>,
) {
  const mails = new PrismaMailQueue(db, createMailBox(sessionTokenKeys))
  return {
    mails,
    resets: new PrismaPasswordResets(db, announcing, randomSecrets, mails),
    digests: new PrismaDigests(db),
    invites: new PrismaInvites(db, mails),
  }
}
export type MailStorage = ReturnType<typeof createMailStorage>
