import type { Metadata } from 'next'
import { RealtimeHealth } from '@/components/health/RealtimeHealth'
import { requireAdmin } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Live figures' }

export default async function RealtimeHealthPage() {
  await requireAdmin('/system/health/realtime')
  return <RealtimeHealth />
}
