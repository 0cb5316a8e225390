import { z } from 'zod'
import type { PresenceMap } from '@/contracts/presence'
import { createWebhookBox } from '@/lib/auth/secretBox'
import type { Listener } from '@/lib/bus/Listener'
import type { Database } from '@/lib/db/database'
import { deleteExpired } from '@/lib/db/expiry'
import { isStrict } from '@/lib/env/appEnv'
import { JobRunner, type Task } from '@/lib/jobs/JobRunner'
import type { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import { HttpWebhookSender } from '@/lib/webhooks/HttpWebhookSender'
import type { NotificationService } from '@/services/notifications/NotificationService'
import type { Logger } from '@/services/shared/Logger'
import { PresenceWebhooks } from '@/services/webhooks/PresenceWebhooks'
import type { DeliveryQueue } from '@/services/webhooks/ports'
import { WebhookDelivery } from '@/services/webhooks/WebhookDelivery'
import type { MailJobs } from './createMailJobs'
import { late } from './late'
import { createPushJobs, type PushJobsDeps } from './pushJobs'
import type { SocketAppConfig } from './SocketApp'
import type { Subsystem } from './subsystems'

/** How long news of what waits for a webhook is gathered, in milliseconds. */
const GATHER_MS = 100

export interface JobsDeps extends PushJobsDeps {
  config: PushJobsDeps['config'] &
    Pick<SocketAppConfig, 'appEnv' | 'databaseUrl' | 'auditRetentionDays' | 'sessionTokenKeys'>
  db: Pick<Database, 'rows'>
  deliveries: DeliveryQueue
  notifications: Pick<NotificationService, 'create'>
  listener: Pick<Listener, 'on'>
  collector: PushJobsDeps['collector'] & Pick<MetricsCollector, 'recordJob' | 'recordWebhook'>
  /** Undefined where no e-mail is sent. */
  mail: MailJobs | undefined
  logger: Logger
}

export interface Jobs extends Subsystem, Pick<JobRunner, 'counts'> {
  /** Somebody came or went, as this process noticed. Never throws. */
  notePresence(presence: PresenceMap): void
}

/** What is done in the background, by whichever process is free. */
export function createJobs(deps: JobsDeps): Jobs {
  const { config, db, deliveries, collector } = deps
  const logger = deps.logger.scope('Jobs')
  const webhooks = lateWebhooks(deps, logger)
  const presence = new PresenceWebhooks(deliveries, logger)
  const pushes = createPushJobs(deps, (job) => runner.add(job))
  let gathering: ReturnType<typeof setTimeout> | undefined

  /** One job for each webhook for which something waits. */
  const deliverAll = async () => {
    await presence.look()
    await runner.add(...(await deliveries.waiting()).map(deliveryOf))
  }
  const runner: JobRunner = new JobRunner({
    databaseUrl: config.databaseUrl,
    tasks: {
      ...pushes.tasks,
      expire: expiring(() => deleteExpired(db, config)),
      ...deps.mail?.tasks,
      // For what nobody heard of: every process was gone, or a job of it.
      'webhooks-look': { everyMinute: true, run: deliverAll },
      webhooks: {
        async run(payload, signal) {
          const { endpointId } = DeliveryJob.parse(payload)
          const moreInMs = await (await webhooks()).deliver(endpointId, signal)
          if (moreInMs === null) return
          const runAt = new Date(Date.now() + moreInMs)
          await runner.add({ ...deliveryOf(endpointId), ...(moreInMs > 0 && { runAt }) })
        },
      },
    },
    onDone: (task, outcome, durationMs) => collector.recordJob(task, outcome, durationMs),
    logger,
  })
  const gather = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      deliverAll().catch((error: unknown) => logger.warn('webhooks are delivered later', { error }))
    }, GATHER_MS)
  }
  deps.listener.on('announcement', ({ type }) => {
    if (type === 'webhooks') gather()
    if (type === 'push') pushes.heard()
  })
  return {
    get counts() {
      return runner.counts
    },
    notePresence: (change) => presence.note(change),
    start() {
      runner.start()
      gather()
    },
    async stop() {
      clearTimeout(gathering)
      pushes.stop()
      await runner.stop()
      await deps.mail?.stop()
    },
  }
}

const DeliveryJob = z.object({ endpointId: z.string() })

/** One at a time for each webhook; a delivery that fails is no failure of the job. */
const deliveryOf = (endpointId: string) => {
  const name = `webhooks ${endpointId}`
  return { identifier: 'webhooks', payload: { endpointId }, jobKey: name, queueName: name }
}

/** What sends is loaded with the first webhook: most installations have none. */
function lateWebhooks({ config, deliveries, notifications, collector }: JobsDeps, logger: Logger) {
  return late(
    async () =>
      new WebhookDelivery({
        queue: deliveries,
        sender: new HttpWebhookSender(await import('undici'), {
          allowPrivate: config.webhooksAllowPrivate,
          httpsOnly: isStrict(config.appEnv),
        }),
        box: createWebhookBox(config.sessionTokenKeys),
        notify: async (userIds, content, key) => void (await notifications.create({ userIds, ...content }, key)),
        onAttempt: (outcome) => collector.recordWebhook(outcome),
        logger,
      }),
  )
}

/** @param deleteSome - deletes a bounded number of rows and resolves to how many; none: nothing is left. */
const expiring = (deleteSome: () => Promise<number>): Task => ({
  everyMinute: true,
  async run(_, signal) {
    while (!signal.aborted && (await deleteSome()) > 0);
  },
})
