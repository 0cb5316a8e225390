import { topicQueries } from '@/contracts/topics'
import { route } from '@/server/web/routes'

export const GET = route(topicQueries.listTopics)
