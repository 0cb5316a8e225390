'use client'

import dynamic from 'next/dynamic'
import { SystemPage } from '../ui/SystemPage'
import { useDocumentTitle } from '../ui/useDocumentTitle'
import { HealthSkeleton } from './HealthSkeleton'

/** Charts and data grid are large: they come with this page, and only with it. */
const HealthDashboard = dynamic(() => import('./HealthDashboard').then((module) => module.HealthDashboard), {
  ssr: false,
  loading: () => (
    <SystemPage title="Live figures" maxWidth={1320}>
      <HealthSkeleton />
    </SystemPage>
  ),
})

/** The live health of the socket servers; for admins. */
export function RealtimeHealth() {
  useDocumentTitle('Live figures')
  return <HealthDashboard />
}
