import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { NotificationsView } from '@/components/notifications/NotificationsView'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Notifications' }

export default async function NotificationsPage() {
  if (!(await currentUser())) redirect('/login?next=/notifications')
  return <NotificationsView />
}
