import { pushAddresses } from '@/lib/http/outgoingAddress'
import { aloneAs, type JobRunner, type Task } from '@/lib/jobs/JobRunner'
import { HttpPushSender } from '@/lib/push/HttpPushSender'
import { vapidSubject } from '@/lib/push/vapid'
import type { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import { PushDelivery } from '@/services/push/PushDelivery'
import type { PushQueue } from '@/services/push/ports'
import type { Logger } from '@/services/shared/Logger'
import { late } from './late'
import type { SocketAppConfig } from './SocketApp'

/** Longer than somebody who closed their page counts as here. */
const DELAY_MS = 6_000

export interface PushJobsDeps {
  config: Pick<SocketAppConfig, 'vapid' | 'publicUrl' | 'webhooksAllowPrivate'>
  push: PushQueue
  inFront: ChatPresenceService['inFront']
  collector: Pick<MetricsCollector, 'recordPush'>
  logger: Logger
  /** How long something has to be read, or seen on a page, before a browser is told, in milliseconds. */
  pushDelayMs?: number | undefined
}

/** One at a time, for all browsers. */
const pushJob = { ...aloneAs('push'), identifier: 'push', payload: {} }
/** Of its own name: what has just happened does not wait for what is tried again later. */
const laterJob = { ...pushJob, jobKey: 'push later' }

/** What tells browsers; nothing where there are no keys. */
export function createPushJobs(
  { config, push, inFront, collector, logger, pushDelayMs = DELAY_MS }: PushJobsDeps,
  add: (job: Parameters<JobRunner['add']>[0]) => Promise<boolean>,
): { tasks: Record<string, Task>; heard: () => void; stop: () => void } {
  const { vapid } = config
  if (!vapid) return { tasks: {}, heard: () => {}, stop: () => {} }
  // Most installations have no browser to tell.
  const sender = late(async () => {
    const [undici, { default: webPush }] = await Promise.all([import('undici'), import('web-push')])
    const keys = { ...vapid, subject: vapidSubject(config.publicUrl) }
    return new HttpPushSender({ undici, webPush }, keys, pushAddresses(config))
  })
  const delivery = new PushDelivery({
    queue: push,
    sender: { send: async (request, signal) => (await sender()).send(request, signal) },
    ...{ inFront, delayMs: pushDelayMs },
    onAttempt: (outcome) => collector.recordPush(outcome),
    logger: logger.scope('Push'),
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let isMore = false
  /** Something happened. What happens while it waits has to wait as long itself. */
  const heard = () => {
    isMore = timer !== undefined
    timer ??= setTimeout(() => {
      timer = undefined
      void add(pushJob)
      if (isMore) heard()
    }, pushDelayMs)
  }
  let isStopped = false
  let nextTimer: ReturnType<typeof setTimeout> | undefined
  /** The queue looks every few seconds for jobs whose time has come, and outlives this process; this is for the moment itself. */
  const again = async (moreInMs: number) => {
    await add({ ...laterJob, runAt: new Date(Date.now() + moreInMs) })
    clearTimeout(nextTimer)
    if (!isStopped) nextTimer = setTimeout(() => void add(pushJob), moreInMs)
  }
  return {
    tasks: {
      push: {
        // Also for what nobody heard of: every process was gone, or a job of it.
        everyMinute: true,
        async run(_, signal) {
          const moreInMs = await delivery.deliver(signal)
          if (moreInMs !== null) await again(moreInMs)
        },
      },
    },
    heard,
    stop() {
      isStopped = true
      clearTimeout(timer)
      clearTimeout(nextTimer)
    },
  }
}
