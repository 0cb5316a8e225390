import { PeopleView } from '@/components/people/PeopleView'
import { requirePermission, titleFor } from '@/server/web/currentUser'

export const generateMetadata = titleFor('admin:manage-users', 'People')

export default async function PeoplePage() {
  await requirePermission('admin:manage-users', '/system/people')
  return <PeopleView />
}
