import type { ChangePreferencesInput, Digest } from '@/contracts/preferences'
import type { ChosenPreferences, PreferenceRepository } from '@/services/notifications/ports'
import type { Database } from '../database'

/** What its functions wrote, as they answer it. */
interface PreferencesRow {
  kinds: ChosenPreferences['kinds']
  quiet_hours: ChosenPreferences['quietHours']
  topics: ChosenPreferences['topics']
  digest: string | null
  email_proved: boolean
}

export class PrismaPreferences implements PreferenceRepository {
  constructor(private readonly db: Database) {}

  async chosen(userId: string): Promise<ChosenPreferences> {
    const [row] = await this.db.prisma.$queryRaw<PreferencesRow[]>`SELECT * FROM notification_preferences_of(${userId})`
    return {
      kinds: row?.kinds ?? {},
      topics: row?.topics ?? {},
      quietHours: row?.quiet_hours ?? {},
      digest: row?.digest ?? null,
      emailProved: row?.email_proved ?? false,
    }
  }

  async change(userId: string, { kinds = {}, topics = {}, quietHours = {} }: ChangePreferencesInput): Promise<boolean> {
    const [row] = await this.db.prisma.$queryRaw<{ done: boolean }[]>`
      SELECT change_notification_preferences(
        ${userId}, ${JSON.stringify(kinds)}::jsonb, ${JSON.stringify(topics)}::jsonb, ${JSON.stringify(quietHours)}::jsonb
      ) AS done`
    return row?.done ?? false
  }

  async chooseDigest(userId: string, digest: Digest): Promise<void> {
    await this.db.prisma.$executeRaw`SELECT choose_digest(${userId}, ${digest})`
  }

  async endDigests(token: string): Promise<boolean> {
    const [row] = await this.db.prisma.$queryRaw<{ done: boolean }[]>`SELECT end_digests(${token}) AS done`
    return row?.done ?? false
  }
}
