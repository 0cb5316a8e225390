import type { Metadata } from 'next'
import { TestNotifications } from '@/components/notifications/TestNotifications'
import { requirePermission } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Test notifications' }

export default async function TestNotificationsPage() {
  await requirePermission('admin:view-health', '/system/notifications')
  return <TestNotifications />
}
