import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LoginView } from '@/components/auth/LoginView'
import { safeNext } from '@/components/auth/safeNext'
import { currentUser } from '@/server/web/currentUser'
import { demoSignIns } from '@/server/web/demo'

export const metadata: Metadata = { title: 'Sign in' }

interface Props {
  searchParams: Promise<{ next?: string | string[] }>
}

export default async function LoginPage({ searchParams }: Props) {
  const next = safeNext((await searchParams).next)
  if (await currentUser()) redirect(next)
  return <LoginView next={next} demo={await demoSignIns()} />
}
