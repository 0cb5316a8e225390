import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { RealtimeHealth } from '@/components/health/RealtimeHealth'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Live figures' }

/** For admins; to anybody else this address does not exist. */
export default async function RealtimeHealthPage() {
  const user = await currentUser()
  if (!user) redirect('/login?next=/system/health/realtime')
  if (user.role !== 'admin') notFound()
  return <RealtimeHealth />
}
