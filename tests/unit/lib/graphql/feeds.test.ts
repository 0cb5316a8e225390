import { beforeEach, expect, it } from 'vitest'
import type { Notification } from '@/contracts/notifications'
import type { PresenceMap } from '@/contracts/presence'
import { Connections } from '@/lib/graphql/Connections'
import { RequestContext } from '@/lib/graphql/RequestContext'
import { NewNotifications } from '@/lib/graphql/subscriptions/NotificationFeed'
import { PresenceChanges } from '@/lib/graphql/subscriptions/PresenceFeed'
import type { AnyHandler } from '@/lib/pipeline/handlers'
import { Timeout } from '@/lib/pipeline/timeout'
import type { HearEvent } from '@/lib/sockets/EventTaps'
import { silentLogger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'

const user = {
  id: 'ada',
  sessionId: 's',
  permissions: ['notifications:read', 'presence:read'],
} as unknown as SessionUser // the rest is asked by nobody

let tell: HearEvent
let handlers: Record<string, unknown>
let context: RequestContext

beforeEach(() => {
  handlers = {}
  context = new RequestContext(
    {
      pipeline: { logger: silentLogger, rateLimit: () => undefined, timeout: new Timeout(5_000) },
      taps: {
        listen: async (_user: SessionUser, listener: HearEvent) => {
          tell = listener
          return () => {}
        },
      } as never, // all that is asked of it
      lookAgainMs: () => 1_000_000,
      handlers: handlers as Record<string, AnyHandler>, // those that are asked for
    },
    {
      ...{ user: () => user, correlationId: 'c', address: null, origin: null },
      connection: new Connections().opened(user, () => {}),
    },
  )
})

/** A reading that is answered when a test says so. */
function held<Data>() {
  let answer: (data: Data) => void = () => {}
  const asked = new Promise<void>((resolve) => {
    handlers.notificationsSince = handlers['presence:sync'] = () => {
      resolve()
      return new Promise<Data>((done) => {
        answer = done
      })
    }
  })
  return { asked, answer: (data: Data) => answer(data) }
}

const numbered = (id: string, version: number) => ({
  version,
  notification: { id, status: 'unread', createdAt: `2026-01-0${id.slice(1)}` } as Notification, // the rest is asked by nobody
})

it('a notification that comes during the first reading is read after it', async () => {
  const first = held<unknown>()
  const opening = new NewNotifications(context, { sinceVersion: 0 }).open()
  await first.asked
  tell('newNotification', {})
  handlers.notificationsSince = async () => ({ notifications: [numbered('n1', 1)], version: 1, hasMore: false })
  first.answer({ notifications: [], version: 0, hasMore: false })
  const feed = await opening
  expect((await feed.next()).value).toMatchObject({ version: 1 })
})

it('what is unread is given once, whether or not it was read before, in whichever order', async () => {
  // The first of two was read and marked as unread again.
  handlers.notificationsSince = async () => ({
    ...{ notifications: [numbered('n2', 2), numbered('n1', 4)], version: 4, hasMore: false },
  })
  const feed = await new NewNotifications(context, { sinceVersion: 0 }).open()
  expect([(await feed.next()).value, (await feed.next()).value]).toMatchObject([{ version: 2 }, { version: 4 }])
  handlers.notificationsSince = async () => ({
    ...{ notifications: [numbered('n2', 5), numbered('n3', 6)], version: 6, hasMore: false },
  })
  tell('newNotification', {})
  expect((await feed.next()).value).toMatchObject({ version: 6 })
})

it('presence that is told while it is read is newer than what is read', async () => {
  const reading = held<PresenceMap>()
  const opening = new PresenceChanges(context, {}).open()
  await reading.asked
  const [online, offline] = [
    { isOnline: true },
    { isOnline: false, lastSeen: null },
  ] as unknown as PresenceMap[string][] // as much as is looked at
  tell('presence:update', { grace: online })
  reading.answer({ grace: offline, linus: offline } as PresenceMap) // likewise
  const feed = await opening
  expect([(await feed.next()).value, (await feed.next()).value]).toEqual([{ grace: online }, { linus: offline }])
})
