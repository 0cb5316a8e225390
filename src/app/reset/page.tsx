import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ResetView } from '@/components/auth/ResetView'
import { webApp } from '@/server/web/app'

export const metadata: Metadata = { title: 'Choose another password' }

/** What opens it stands behind # in its address: opening the page uses nothing up, and tells nobody. */
export default async function ResetPage() {
  if (!(await webApp()).config.mail) notFound()
  return <ResetView />
}
