import { randomUUID } from 'node:crypto'
import { argon2Passwords } from '@/lib/auth/passwords'
import { announceOnly } from '@/lib/bus/announceOnly'
import { createDatabase, type Database } from '@/lib/db/database'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { type Logger, silentLogger } from '@/services/shared/Logger'
import { demoAccounts } from './demoAccounts'
import { demoConversations } from './demoConversations'

export interface SeedOptions {
  databaseUrl: string
  /** The password of the demo people; asked for when there are or will be any. */
  password: () => Promise<string>
  /** Called before the demo is made. */
  onCreate?: () => void
  logger?: Logger
}

/**
 * Makes the demo people and a short conversation, once: a database that has anybody in it gets nobody new. Demo people who
 * are there get this password, if they have another.
 */
export async function seed(options: SeedOptions): Promise<{ accounts: { email: string; role: string }[] }> {
  const { databaseUrl, password, logger = silentLogger } = options
  const db = createDatabase({ url: databaseUrl, poolSize: 2, logger, applicationName: 'tandem-seed' })
  try {
    if ((await db.prisma.user.count()) === 0) {
      options.onCreate?.()
      await createDemo(db, await password())
    }
    const people = await db.prisma.user.findMany({ where: { isDemo: true }, orderBy: { email: 'asc' } })
    for (const { id, passwordHash } of people) await ensurePassword(db, id, passwordHash, await password())
    return { accounts: people.map(({ email, role }) => ({ email, role })) }
  } finally {
    await db.close()
  }
}

async function createDemo(db: Database, password: string): Promise<void> {
  const passwordHash = await argon2Passwords.hash(password)
  const ids = new Map<string, string>()
  for (const account of demoAccounts) {
    await db.prisma.user.create({ data: { ...account, passwordHash, isDemo: true } })
    ids.set(account.email, account.id)
  }
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
}

/** Whoever knew the password before is signed out. */
async function ensurePassword(db: Database, id: string, hash: string | null, password: string): Promise<void> {
  if (hash !== null && (await argon2Passwords.verify(hash, password))) return
  await db.prisma.user.update({
    where: { id },
    data: { passwordHash: await argon2Passwords.hash(password), sessions: { deleteMany: {} } },
  })
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
  if (typeof room === 'string') throw new Error('the demo people are not there')
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
