import { randomUUID } from 'node:crypto'
import type { ChatMessage, Room } from '@/contracts/chat'
import type { GroupRole } from '@/contracts/chatShapes'
import type { RoomPreferencesInput } from '@/contracts/groups'
import { limits } from '@/contracts/limits'
import type { GroupOutcome, GroupRefusal, GroupRepository, RoomMember } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { decodeCursor, encodeCursor } from './cursor'
import { membersOf, type ParticipantRow, type RoomRow, roomsOfMember, toMember, toRoom } from './roomViews'
import { type MessageColumns, toChatMessage, withDates } from './rows'

/** What the functions of the migration `group_commands` answer. */
interface OutcomeRow {
  outcome: 'done' | GroupRefusal
  /** They answer nothing. */
  posted: Omit<MessageColumns, 'reply_to'>[]
}

export class PrismaGroupRepository implements GroupRepository {
  /** @param announcing - how its transactions say what they change. */
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {}

  async create(
    makerId: string,
    { clientId, name, userIds }: { clientId: string; name: string; userIds: readonly string[] },
  ): Promise<GroupOutcome<{ roomId: string; created: boolean }>> {
    const row = await this.ask<{ room_id: string; created: boolean }>(
      (origin) => Prisma.sql`
        SELECT * FROM create_group(${randomUUID()}, ${makerId}, ${clientId}, ${name}, ${[...userIds]}::text[], ${origin})`,
    )
    return toOutcome(row, ({ room_id, created }) => ({ roomId: room_id, created }))
  }

  async update(
    actorId: string,
    roomId: string,
    { name, avatarImage }: { name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<GroupOutcome> {
    const picture = avatarImage === undefined ? null : (avatarImage ?? '')
    const row = await this.ask(
      (origin) => Prisma.sql`SELECT * FROM update_group(${roomId}, ${actorId}, ${name ?? null}, ${picture}, ${origin})`,
    )
    return toOutcome(row, () => ({}))
  }

  async add(actorId: string, roomId: string, userIds: readonly string[]): Promise<GroupOutcome<{ arrived: string[] }>> {
    const row = await this.ask<{ arrived: string[] }>(
      (origin) => Prisma.sql`
        SELECT * FROM add_to_group(${roomId}, ${actorId}, ${[...userIds]}::text[], ${limits.groupMembers}::int, ${origin})`,
    )
    return toOutcome(row, ({ arrived }) => ({ arrived }))
  }

  async remove(actorId: string, roomId: string, userId: string): Promise<GroupOutcome> {
    const row = await this.ask(
      (origin) => Prisma.sql`SELECT * FROM remove_from_group(${roomId}, ${actorId}, ${userId}, ${origin})`,
    )
    return toOutcome(row, () => ({}))
  }

  async setRole(actorId: string, roomId: string, userId: string, role: GroupRole): Promise<GroupOutcome> {
    const row = await this.ask(
      (origin) => Prisma.sql`SELECT * FROM set_participant_role(${roomId}, ${actorId}, ${userId}, ${role}, ${origin})`,
    )
    return toOutcome(row, () => ({}))
  }

  async setPreferences(
    userId: string,
    roomId: string,
    preferences: Omit<RoomPreferencesInput, 'roomId'>,
  ): Promise<boolean> {
    const [row] = await this.announcing.transaction(
      (origin) => this.db.prisma.$queryRaw<{ is_member: boolean }[]>`
        SELECT set_room_preferences(${roomId}, ${userId}, ${JSON.stringify(preferences)}::jsonb, ${origin}) AS is_member`,
    )
    return row?.is_member ?? false
  }

  async viewsOf(roomId: string, userIds: readonly string[]): Promise<Map<string, Room>> {
    const rows = await this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.room_id = ${roomId} AND p.user_id = ANY (${[...userIds]}::text[])`),
    )
    return new Map(rows.map((row) => [row.user_id, toRoom(row)]))
  }

  async members(userId: string, roomId: string, among: readonly string[]): Promise<RoomMember[]> {
    const which = Prisma.sql`AND q.user_id = ANY (${[...among]}::text[])`
    return (await this.db.prisma.$queryRaw<ParticipantRow[]>(membersOf(userId, roomId, which))).map(toMember)
  }

  async membersPage(
    userId: string,
    roomId: string,
    cursor: string | undefined,
  ): Promise<{ members: RoomMember[]; nextCursor: string | null } | null> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor)
    const which = Prisma.sql`
      ${after ? Prisma.sql`AND (q.joined_at, q.user_id) > (${after.time}::timestamptz, ${after.id})` : Prisma.empty}
      ORDER BY q.joined_at, q.user_id LIMIT ${limits.participantsPage + 1}`
    const rows = await this.db.prisma.$queryRaw<ParticipantRow[]>(membersOf(userId, roomId, which))
    // Whoever is in a room finds at least themselves, on the first page; behind the last there may be nobody.
    if (rows.length === 0 && (!after || (await this.viewsOf(roomId, [userId])).size === 0)) return null
    const page = rows.slice(0, limits.participantsPage)
    const last = page.at(-1)
    const nextCursor = rows.length > page.length && last ? encodeCursor(last.joined_at, last.id) : null
    return { members: page.map(toMember), nextCursor }
  }

  /** Always announced: who comes and goes is told by the database alone, and in one order with the messages of it. */
  private async ask<More = unknown>(
    statement: (origin: string) => Prisma.Sql,
  ): Promise<(OutcomeRow & More) | { outcome: GroupRefusal }> {
    try {
      const [row] = await this.announcing.transaction((origin) =>
        this.db.prisma.$queryRaw<(OutcomeRow & More)[]>(statement(origin)),
      )
      return row ?? { outcome: 'not_found' }
    } catch (error) {
      // Somebody who was named is not in the table of people.
      if (sqlState(error) === '23503') return { outcome: 'nobody' }
      throw error
    }
  }
}

function toOutcome<Row extends OutcomeRow, Done>(
  row: Row | { outcome: GroupRefusal },
  more: (row: Row) => Done,
): GroupOutcome<Done> {
  if (!('posted' in row)) return row
  if (row.outcome !== 'done') return { outcome: row.outcome }
  const posted: ChatMessage[] = row.posted.map((message) => toChatMessage(withDates({ ...message, reply_to: null })))
  return { outcome: 'done', posted, ...more(row) }
}
