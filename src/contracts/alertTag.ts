import type { Notification } from './notifications'

/** What is shown of a conversation, topic or notification has one place on a screen, whether a page shows it or a push (`push_spread`). */
export const roomTag = (roomId: string): string => `room:${roomId}`

/** What leads to a message has the place of its conversation. */
export const notificationTag = ({ id, link, topic }: Pick<Notification, 'id' | 'link' | 'topic'>): string => {
  const roomId = /^\/chat\/([^/?#]+)/.exec(link ?? '')?.[1]
  if (roomId !== undefined) return roomTag(roomId)
  return topic === undefined ? `notification:${id}` : `topic:${topic}`
}
