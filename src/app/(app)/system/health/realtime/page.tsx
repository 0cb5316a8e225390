import { RealtimeHealth } from '@/components/health/RealtimeHealth'
import { requirePermission, titleFor } from '@/server/web/currentUser'

export const generateMetadata = titleFor('admin:view-health', 'Live figures')

export default async function RealtimeHealthPage() {
  await requirePermission('admin:view-health', '/system/health/realtime')
  return <RealtimeHealth />
}
