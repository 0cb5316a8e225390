import { useMemo } from 'react'
import type { Groups } from '@/client/chat/Groups'
import { running, useClient } from './useClient'

type Actions = {
  [K in Exclude<keyof Groups, 'start' | 'members'>]: Groups[K] extends (
    roomId: string,
    ...rest: infer Rest
  ) => infer Answer
    ? (...rest: Rest) => Answer
    : never
}

/** What one does to this room: its name and picture, who is in it, what one prefers. Each rejects with a sentence to show. */
export const useGroup = (roomId: string): Actions => {
  const client = useClient()
  return useMemo(
    (): Actions => ({
      update: async (change) => running(client).chat.groups.update(roomId, change),
      add: async (userIds) => running(client).chat.groups.add(roomId, userIds),
      remove: async (userId) => running(client).chat.groups.remove(roomId, userId),
      leave: async () => running(client).chat.groups.leave(roomId),
      setRole: async (userId, role) => running(client).chat.groups.setRole(roomId, userId, role),
      setPreferences: async (preferences) => running(client).chat.groups.setPreferences(roomId, preferences),
      everybody: async () => running(client).chat.groups.everybody(roomId),
    }),
    [client, roomId],
  )
}
