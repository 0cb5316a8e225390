import { useNotificationList } from './useNotificationList'
import { useTopics } from './useTopics'

/** The person's notifications and the topics that they follow, current in every tab and on every device. */
export const useNotifications = () => {
  const list = useNotificationList()
  const { topics, subscribe, unsubscribe } = useTopics()
  return { ...list, topics, subscribe, unsubscribe }
}
