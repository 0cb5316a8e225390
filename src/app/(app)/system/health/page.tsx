import { SystemOverview } from '@/components/health/SystemOverview'
import { requirePermission, titleFor } from '@/server/web/currentUser'

export const generateMetadata = titleFor('admin:view-health', 'System health')

export default async function SystemHealthPage() {
  await requirePermission('admin:view-health', '/system/health')
  return <SystemOverview />
}
