import type { Metadata } from 'next'
import { SystemOverview } from '@/components/health/SystemOverview'
import { requireAdmin } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'System health' }

export default async function SystemHealthPage() {
  await requireAdmin('/system/health')
  return <SystemOverview />
}
