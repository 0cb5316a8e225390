import { AuditLog } from '@/components/audit/AuditLog'
import { requirePermission, titleFor } from '@/server/web/currentUser'

export const generateMetadata = titleFor('admin:view-audit', 'Audit log')

export default async function AuditLogPage() {
  await requirePermission('admin:view-audit', '/system/audit')
  return <AuditLog />
}
