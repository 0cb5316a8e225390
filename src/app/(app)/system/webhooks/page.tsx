import { WebhooksView } from '@/components/webhooks/WebhooksView'
import { requirePermission, titleFor } from '@/server/web/currentUser'

export const generateMetadata = titleFor('admin:manage-webhooks', 'Webhooks')

export default async function WebhooksPage() {
  await requirePermission('admin:manage-webhooks', '/system/webhooks')
  return <WebhooksView />
}
