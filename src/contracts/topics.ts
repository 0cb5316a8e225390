import * as z from 'zod/mini'
import { command, commandTable } from './command'
import { Topic, Topics } from './notifications'

/** What one follows, and what one could follow: public topics and those that were granted to oneself, by name. */
export const TopicsPage = z.extend(Topics, {
  open: z.array(Topic),
  /** The last name of this page; null: there are no more. */
  nextCursor: z.nullable(Topic),
})
export type TopicsPage = z.infer<typeof TopicsPage>

/** Not among `notificationQueries`: pages load it with the settings. */
export const topicQueries = commandTable(null, {
  /** What one follows, and what one may. */
  listTopics: command({
    input: z.object({ cursor: z.optional(Topic) }),
    data: TopicsPage,
    http: 'GET /api/notifications/topics',
    permission: 'topics:subscribe',
    limit: 'notifications',
    takesTurns: true,
  }),
})
