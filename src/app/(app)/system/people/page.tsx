import type { Metadata } from 'next'
import { PeopleView } from '@/components/people/PeopleView'
import { requirePermission } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'People' }

export default async function PeoplePage() {
  await requirePermission('admin:manage-users', '/system/people')
  return <PeopleView />
}
