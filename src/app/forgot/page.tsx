import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ForgotView } from '@/components/auth/ForgotView'
import { webApp } from '@/server/web/app'

export const metadata: Metadata = { title: 'Forgot password' }

export default async function ForgotPage() {
  if (!(await webApp()).config.mail) notFound()
  return <ForgotView />
}
