import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { AccountView } from '@/components/account/AccountView'
import { problemOf } from '@/contracts/signInProblems'
import { currentUser } from '@/server/web/currentUser'

export const metadata: Metadata = { title: 'Account' }

interface Props {
  searchParams: Promise<{ google?: string | string[]; problem?: string | string[] }>
}

export default async function AccountPage({ searchParams }: Props) {
  if (!(await currentUser())) redirect('/login?next=/account')
  const { google, problem } = await searchParams
  return <AccountView problem={problemOf(problem)} linked={google === 'linked'} />
}
