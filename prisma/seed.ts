import { randomUUID } from 'node:crypto'
import { argon2Passwords } from '@/lib/auth/passwords'
import { announceOnly } from '@/lib/bus/announceOnly'
import { createDatabase, type Database } from '@/lib/db/database'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { type Logger, silentLogger } from '@/services/shared/Logger'
import { type DemoAccount, demoAccounts } from './demoAccounts'
import { demoConversations } from './demoConversations'

export interface SeedOptions {
  databaseUrl: string
  logger?: Logger
}

/** Makes the demo people and a short conversation, once: a database that has anybody in it is left alone. */
export async function seed({ databaseUrl, logger = silentLogger }: SeedOptions): Promise<{ created: boolean }> {
  const db = createDatabase({ url: databaseUrl, poolSize: 2, logger, applicationName: 'tandem-seed' })
  try {
    if ((await db.prisma.user.count()) > 0) return { created: false }
    const ids = new Map<string, string>()
    for (const account of demoAccounts) ids.set(account.email, await createAccount(db, account))
    for (const { between, lines, readByBoth } of demoConversations) {
      const [one, other] = between.map((email) => idOf(ids, email))
      if (one && other)
        await createConversation(
          db,
          one,
          other,
          lines.map(([from, text]) => [idOf(ids, from), text]),
          readByBoth,
        )
    }
    return { created: true }
  } finally {
    await db.close()
  }
}

async function createAccount(db: Database, { email, name, role, password }: DemoAccount): Promise<string> {
  const passwordHash = await argon2Passwords.hash(password)
  const { id } = await db.prisma.user.create({ data: { id: randomUUID(), email, name, role, passwordHash } })
  return id
}

async function createConversation(
  db: Database,
  one: string,
  other: string,
  lines: (readonly [senderId: string, text: string])[],
  readByBoth: boolean,
): Promise<void> {
  const bus = announceOnly('seed')
  const rooms = new PrismaRoomRepository(db, bus)
  const messages = new PrismaMessageRepository(db, db, bus)
  const room = await rooms.getOrCreateDirect(one, other)
  if (!room) throw new Error('the demo people are not there')
  for (const [senderId, message] of lines) {
    await messages.insert([{ id: randomUUID(), roomId: room.roomId, senderId, clientId: randomUUID(), message }])
    if (readByBoth) await Promise.all([one, other].map((userId) => rooms.markRead(userId, room.roomId, undefined)))
  }
}

function idOf(ids: ReadonlyMap<string, string>, email: string): string {
  const id = ids.get(email)
  if (id === undefined) throw new Error(`${email} is not a demo account`)
  return id
}
