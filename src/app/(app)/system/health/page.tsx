import type { Metadata } from 'next'
import { SystemOverview } from '@/components/health/SystemOverview'
import { requirePermission } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'System health' }

export default async function SystemHealthPage() {
  await requirePermission('admin:view-health', '/system/health')
  return <SystemOverview />
}
