import type { ChangeOrigin } from '@/lib/bus/ChangeOrigin'
import { createDatabase } from '@/lib/db/database'
import { PrismaCanaryRooms } from '@/lib/db/repositories/PrismaCanaryRooms'
import { PrismaIdempotency } from '@/lib/db/repositories/PrismaIdempotency'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaNotificationRepository } from '@/lib/db/repositories/PrismaNotificationRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { PrismaSessionReader } from '@/lib/db/repositories/sessions'
import type { Logger } from '@/services/shared/Logger'
import type { SocketAppConfig } from './SocketApp'

/** The database as the socket process uses it: a pool, and a connection of its own for what is committed. */
export function createStorage(config: SocketAppConfig, origin: ChangeOrigin, logger: Logger) {
  const connect = (poolSize: number) =>
    createDatabase({ url: config.databaseUrl, poolSize, logger, applicationName: 'tandem-socket' })
  const db = connect(config.databasePoolSize)
  const commitDb = connect(1)
  return {
    db,
    messages: new PrismaMessageRepository(db, commitDb, origin),
    rooms: new PrismaRoomRepository(db, origin),
    users: new PrismaUserRepository(db),
    sessions: new PrismaSessionReader(db),
    notifications: new PrismaNotificationRepository(db.prisma, origin),
    idempotency: new PrismaIdempotency(db, origin),
    canaryRooms: new PrismaCanaryRooms(db),
    pools: { main: () => db.use(), commit: () => commitDb.use() },
    close: async (): Promise<void> => {
      await Promise.all([db.close(), commitDb.close()])
    },
  }
}
