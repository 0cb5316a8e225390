import type { Metadata } from 'next'
import { TestNotifications } from '@/components/notifications/TestNotifications'
import { requireAdmin } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Test notifications' }

export default async function TestNotificationsPage() {
  await requireAdmin('/system/notifications')
  return <TestNotifications />
}
