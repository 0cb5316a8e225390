import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { RegisterView } from '@/components/auth/RegisterView'
import { safeNext } from '@/components/auth/safeNext'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Create an account' }

interface Props {
  searchParams: Promise<{ next?: string | string[] }>
}

export default async function RegisterPage({ searchParams }: Props) {
  const next = safeNext((await searchParams).next)
  if (await currentUser()) redirect(next)
  return <RegisterView next={next} />
}
