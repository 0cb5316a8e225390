import { z } from 'zod'
import { createMailBox } from '@/lib/auth/secretBox'
import { hashOfSecret } from '@/lib/auth/secretHash'
import { MAIL_TASK } from '@/lib/db/repositories/PrismaMailQueue'
import { isStrict } from '@/lib/env/appEnv'
import type { MailConfig } from '@/lib/env/config'
import type { Task } from '@/lib/jobs/JobRunner'
import { SmtpMailer } from '@/lib/mail/SmtpMailer'
import type { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import { DigestService } from '@/services/mail/DigestService'
import { MailService } from '@/services/mail/MailService'
import { Mail } from '@/services/mail/ports'
import type { PreferenceService } from '@/services/notifications/PreferenceService'
import type { PresenceReader } from '@/services/presence/ports'
import type { Logger } from '@/services/shared/Logger'
import type { MailStorage, Storage } from '../createStorage'
import type { SocketAppConfig } from './SocketApp'

export interface MailJobsDeps {
  config: Pick<SocketAppConfig, 'appEnv' | 'publicUrl' | 'google' | 'sessionTokenKeys'>
  mailConfig: MailConfig
  storage: Pick<Storage, 'users' | 'accounts'>
  mail: MailStorage
  preferences: Pick<PreferenceService, 'of'>
  presence: PresenceReader
  collector: Pick<MetricsCollector, 'recordMail'>
  logger: Logger
}

export interface MailJobs {
  tasks: Record<string, Task>
  stop(): Promise<void>
}

const MailJob = z.object({ id: z.string(), sealed: z.string() })

/** What e-mail adds to the work in the background. */
export function createMailJobs({ config, mailConfig, storage, mail, collector, ...deps }: MailJobsDeps): MailJobs {
  const logger = deps.logger.scope('Mail')
  const box = createMailBox(config.sessionTokenKeys)
  const mailer = new SmtpMailer({
    ...{ config: mailConfig, isStrict: isStrict(config.appEnv), logger },
    onAttempt: (outcome) => collector.recordMail(outcome),
  })
  const service = new MailService({
    ...{ users: storage.users, accounts: storage.accounts, resets: mail.resets, mailer },
    ...{ publicUrl: config.publicUrl, hasGoogle: config.google !== undefined },
  })
  const digests = new DigestService({
    ...{ digests: mail.digests, mailer, presence: deps.presence, publicUrl: config.publicUrl },
    preferencesOf: (userId) => deps.preferences.of(userId),
    digestOf: hashOfSecret,
  })
  return {
    tasks: {
      digests: { everyMinute: true, run: (_, signal) => digests.sendDue(signal) },
      [MAIL_TASK]: {
        async run(payload) {
          const { id, sealed } = MailJob.parse(payload)
          const text = box.open(sealed)
          // As in a process that does not know the key yet: attempts bound it.
          if (text === undefined) throw new Error('A mail was sealed with a key that is not here.')
          await service.send(id, Mail.parse(JSON.parse(text)))
        },
      },
    },
    stop: () => mailer.close(),
  }
}
