import type { Metadata } from 'next'
import { AuditLog } from '@/components/audit/AuditLog'
import { requirePermission } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditLogPage() {
  await requirePermission('admin:view-audit', '/system/audit')
  return <AuditLog />
}
