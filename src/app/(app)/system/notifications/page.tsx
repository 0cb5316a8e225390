import { TestNotifications } from '@/components/notifications/TestNotifications'
import { requirePermission, titleFor } from '@/server/web/currentUser'

export const generateMetadata = titleFor('admin:view-health', 'Test notifications')

export default async function TestNotificationsPage() {
  await requirePermission('admin:view-health', '/system/notifications')
  return <TestNotifications />
}
