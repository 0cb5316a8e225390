import { useEffect, useMemo } from 'react'
import type { ServerView } from '@/client/runtime/ServerValue'
import type { TopicsPage } from '@/contracts/topics'
import { settingsOf } from './notificationSettings'
import { running, useClient } from './useClient'
import { useMay } from './useMay'
import { useStore } from './useStore'

const STARTING: ServerView<TopicsPage> = { value: undefined, error: undefined }

/**
 * The topics that one follows, and those that one may follow; current on every page of this person. What is changed shows at
 * once, and is as before when it rejects.
 */
export function useTopics() {
  const client = useClient()
  const mayFollow = useMay('topics:subscribe')
  const settings = client ? settingsOf(client) : undefined
  useEffect(() => {
    if (mayFollow) settings?.topics.want()
  }, [settings, mayFollow])
  const { value, error } = useStore(settings?.topics.view, STARTING)
  const actions = useMemo(
    () => ({
      subscribe: async (topic: string) => settingsOf(running(client)).subscribe(topic),
      unsubscribe: async (topic: string) => settingsOf(running(client)).unsubscribe(topic),
      /** One page more of those that one may follow. */
      more: async () => settingsOf(running(client)).moreTopics(),
      again: async () => settingsOf(running(client)).topics.renew(),
    }),
    [client],
  )
  return {
    /** Undefined until they are known. */
    topics: value?.topics,
    open: value?.open,
    hasMore: typeof value?.nextCursor === 'string',
    problem: error?.message,
    ...actions,
  }
}
