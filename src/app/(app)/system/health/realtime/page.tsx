import type { Metadata } from 'next'
import { RealtimeHealth } from '@/components/health/RealtimeHealth'
import { requirePermission } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Live figures' }

export default async function RealtimeHealthPage() {
  await requirePermission('admin:view-health', '/system/health/realtime')
  return <RealtimeHealth />
}
