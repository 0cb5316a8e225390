import { randomUUID } from 'node:crypto'
import type { Database } from '../database'

/** The hidden room of each administrator: real to the database, in no list, no head and no unread count. */
export class PrismaCanaryRooms {
  constructor(private readonly db: Database) {}

  /** The person's own, made the first time. */
  async roomOf(userId: string): Promise<string> {
    const [row] = await this.db.prisma.$queryRaw<[{ room: string }]>`
      SELECT get_canary_room(${randomUUID()}, ${userId}) AS room`
    return row.room
  }

  /** Removes its messages. */
  async sweep(roomId: string): Promise<void> {
    await this.db.prisma.$executeRaw`SELECT sweep_canary_room(${roomId})`
  }
}
