import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { RegisterView } from '@/components/auth/RegisterView'
import { safeNext } from '@/contracts/safeNext'
import { webApp } from '@/server/web/app'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Create an account' }

interface Props {
  searchParams: Promise<{ next?: string | string[]; invite?: string | string[] }>
}

export default async function RegisterPage({ searchParams }: Props) {
  const { next: wanted, invite: given } = await searchParams
  const next = safeNext(wanted)
  if (await currentUser()) redirect(next)
  const { google, registration } = await webApp()
  const invite = typeof given === 'string' ? given.slice(0, 100) : undefined
  return (
    <RegisterView next={next} invite={invite} state={await registration.state(invite)} google={google !== undefined} />
  )
}
