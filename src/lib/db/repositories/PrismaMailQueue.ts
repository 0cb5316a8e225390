import { randomUUID } from 'node:crypto'
import type { Mail, MailQueue } from '@/services/mail/ports'
import type { SecretBox } from '@/services/users/ports'
import type { Database, Queries } from '../database'

/** The task that sends them: one at a time in all processes together, so that a slow server takes one worker of one of them. */
export const MAIL_TASK = 'mail'

/**
 * After how many attempts somebody is given up; the pauses between them grow to six hours. For a link it is half an hour: who
 * waited longer has asked again. For the others it is a day.
 */
const ATTEMPTS: Record<Mail['kind'], number> = { reset: 8, 'password-changed': 14, invite: 14 }

/** Mails in the queue of jobs, sealed: a copy of the database holds neither who was written to nor what a link opens. */
export class PrismaMailQueue implements MailQueue {
  constructor(
    private readonly db: Database,
    private readonly box: Pick<SecretBox, 'seal'>,
  ) {}

  add(mail: Mail): Promise<void> {
    return this.addIn(this.db.prisma, mail)
  }

  /** Waits if that transaction is kept. */
  async addIn(queries: Pick<Queries, '$executeRaw'>, mail: Mail): Promise<void> {
    const payload = JSON.stringify({ id: randomUUID(), sealed: this.box.seal(JSON.stringify(mail)) })
    await queries.$executeRaw`
      SELECT FROM graphile_worker.add_job(
        ${MAIL_TASK}, ${payload}::json, queue_name => ${MAIL_TASK}, max_attempts => ${ATTEMPTS[mail.kind]}::int)`
  }
}
