import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { TestNotifications } from '@/components/notifications/TestNotifications'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Test notifications' }

/** For admins; to anybody else this address does not exist. */
export default async function TestNotificationsPage() {
  const user = await currentUser()
  if (!user) redirect('/login?next=/system/notifications')
  if (user.role !== 'admin') notFound()
  return <TestNotifications />
}
