import type { Metadata } from 'next'
import { AuditLog } from '@/components/audit/AuditLog'
import { requireAdmin } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditLogPage() {
  await requireAdmin('/system/audit')
  return <AuditLog />
}
