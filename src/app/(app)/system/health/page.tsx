import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { SystemOverview } from '@/components/health/SystemOverview'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'System health' }

/** For admins; to anybody else this address does not exist. */
export default async function SystemHealthPage() {
  const user = await currentUser()
  if (!user) redirect('/login?next=/system/health')
  if (user.role !== 'admin') notFound()
  return <SystemOverview />
}
